// Texts of crawled pages, which may be made to mislead or to break a page.
//
// They stand in <bdi>, so that their direction ends with them. Characters
// that turn, hide or split what follows are shown as marked code points, and
// so are towers of combining marks. Offsets count code points, as the API's
// do; each piece carries the offset of its first one, so that a selection can
// be told in them.
import {h} from './dom.js';
import {t, number} from './i18n.js';

// eslint-disable-next-line no-control-regex
const SHOWN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{M}{4,}/gu;

const PIECE = 4000; /* code units that stand in one element */

export function length(text) {
  let n = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xdc00 && unit <= 0xdfff && i > 0
      && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) n--;
  }
  return n;
}

/* The code unit at which code point n begins. */
function unitOf(text, n) {
  let i = 0;
  for (; n > 0 && i < text.length; n--)
    i += text.codePointAt(i) > 0xffff ? 2 : 1;
  return i;
}

export const slice = (text, from, to) => text.slice(unitOf(text, from), unitOf(text, to));

function hexOf(char) {
  return `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function marked(run, at) {
  const count = length(run);
  const label = count > 1 ? `◌×${count}` : hexOf(run);
  const says = count > 1 ? t('text.marks', {n: count}) : t('text.unseen', {code: hexOf(run)});
  return h('span', {class: 'cp', title: says, data: {at, n: count}}, label);
}

/* The nodes that show a text whose first code point has the offset `at`. */
export function reveal(text, at = 0) {
  const nodes = [];
  let from = 0;
  const plain = (to) => {
    while (from < to) {
      let cut = Math.min(to, from + PIECE);
      if (cut < to && (text.charCodeAt(cut) & 0xfc00) === 0xdc00) cut--;
      const piece = text.slice(from, cut);
      nodes.push(h('span', {data: {at}}, piece));
      at += length(piece);
      from = cut;
    }
  };
  for (const found of text.matchAll(SHOWN)) {
    plain(found.index);
    nodes.push(marked(found[0], at));
    at += length(found[0]);
    from = found.index + found[0].length;
  }
  plain(text.length);
  return nodes;
}

/* A crawled text that stands in a line. */
export function crawled(text, {most = 400, kind = ''} = {}) {
  const all = text ?? '';
  const shown = all.length > most ? slice(all, 0, most) : all;
  return h('bdi', {class: `crawled ${kind}`, lang: 'zh-CN'}, reveal(shown),
    shown.length < all.length ? h('span', {class: 'cut'}, '…') : null);
}

/* The same where there is one, or a dash. */
export const crawledOr = (text, options) => (text ? crawled(text, options) : '—');

/* Where a point of the DOM lies in its text, in code points; null: nowhere. */
function offsetAt(root, node, offset) {
  if (!root.contains(node)) return null;
  if (node.nodeType !== Node.TEXT_NODE) {
    const next = node.childNodes[offset];
    const holder = next ? (next.closest?.('[data-at]') ?? next.querySelector?.('[data-at]')
      ?? next.parentElement?.closest('[data-at]')) : null;
    if (holder) return Number(holder.dataset.at);
    const ends = [...node.querySelectorAll('[data-at]')].pop() ?? node.closest('[data-at]');
    return ends ? endOf(ends) : null;
  }
  const holder = node.parentElement.closest('[data-at]');
  if (!holder) return null;
  if (holder.dataset.n) return Number(holder.dataset.at) + (offset ? Number(holder.dataset.n) : 0);
  return Number(holder.dataset.at) + length(node.data.slice(0, offset));
}

const endOf = (holder) => Number(holder.dataset.at)
  + (holder.dataset.n ? Number(holder.dataset.n) : length(holder.textContent));

/* What is selected within root: {start, end} in code points, or null. */
export function selectionIn(root) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offsetAt(root, range.startContainer, range.startOffset);
  const end = offsetAt(root, range.endContainer, range.endOffset);
  return start === null || end === null || end <= start ? null : {start, end};
}

/* Splits [0, size) at the borders of the spans: [{from, to, spans}]. */
export function segments(size, spans) {
  const borders = new Set([0, size]);
  for (const {start, end} of spans) {
    borders.add(Math.min(start, size));
    borders.add(Math.min(end, size));
  }
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, i) => ({from, to: sorted[i + 1],
    spans: spans.filter((s) => s.start <= from && s.end >= sorted[i + 1])}));
}

/* A passage: what stands before, the quote, and what stands after. */
export function passage(claim, number_) {
  const before = claim.before ?? '';
  return h('bdi', {class: 'crawled passage', lang: 'zh-CN'},
    reveal(before, claim.start - length(before)),
    h('mark', {class: 'claim', data: {claim: number_ ?? ''}},
      reveal(claim.quote ?? '', claim.start)),
    reveal(claim.after ?? '', claim.end));
}

export const omitted = (n, show) => h('button', {type: 'button', class: 'omitted',
  on: {click: show}}, t('text.omitted', {n: number(n)}));
