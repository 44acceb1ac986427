// What was captured, in five ways: text, screenshot, replay, source, and what
// changed since the capture before. Each is asked for when it is looked at,
// not before: a look is a row of the audit.
import {h, svg, button, icon} from './dom.js';
import {t, number, bytes, dateTime} from './i18n.js';
import {get, post} from './api.js';
import {crawled, reveal, length, slice, segments, omitted} from './text.js';
import {blockKind, charsetWhy, claimClass, hidden, shotKind} from './terms.js';

const HEAD = 1500; /* code points of a long block that are shown at once */
const AROUND = 500; /* and around each claim in it */
const LONG = 4000;
const BLOCKS = 150; /* that are shown at once, and those with claims */
const SOURCE = 60_000;

/* ---- text ------------------------------------------------------------------ */

/* Where a claim stands in the text as it is read today; null: nowhere. */
function placeOf(blocks, claim) {
  if (!claim.quote) return null;
  const text = blocks[claim.block]?.text;
  if (text && slice(text, claim.start, claim.end) === claim.quote)
    return {block: claim.block, start: claim.start, end: claim.end};
  for (const [block, {text: other}] of blocks.entries()) {
    const at = other.indexOf(claim.quote);
    if (at < 0) continue;
    const start = length(other.slice(0, at));
    return {block, start, end: start + length(claim.quote)};
  }
  return null;
}

function segmentNode(text, {from, to, spans}) {
  const nodes = reveal(slice(text, from, to), from);
  if (!spans.length) return nodes;
  return h('mark', {class: 'claim', title: spans.map((s) => claimClass(s.class)).join('、'),
    data: {claim: spans.map((s) => s.claim).join(' ')}}, nodes);
}

/* The ranges of a long text that are shown at once. */
function windows(size, spans) {
  const ranges = [{from: 0, to: Math.min(size, HEAD)},
    ...spans.map((s) => ({from: Math.max(0, s.start - AROUND), to: Math.min(size, s.end + AROUND)}))]
    .sort((a, b) => a.from - b.from);
  return ranges.reduce((kept, range) => {
    const last = kept[kept.length - 1];
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else kept.push(range);
    return kept;
  }, []);
}

function blockText(block, spans) {
  const size = length(block.text);
  const box = h('bdi', {class: 'crawled block-text', dir: 'auto', lang: 'zh-CN'});
  const whole = () => box.replaceChildren(...segments(size, spans).flatMap((s) => segmentNode(block.text, s)));
  if (size <= LONG) {
    whole();
    return box;
  }
  let at = 0;
  for (const range of windows(size, spans)) {
    if (range.from > at) box.append(omitted(range.from - at, whole));
    const inside = spans.filter((s) => s.start >= range.from && s.end <= range.to)
      .map((s) => ({...s, start: s.start - range.from, end: s.end - range.from}));
    const text = slice(block.text, range.from, range.to);
    for (const s of segments(range.to - range.from, inside)) box.append(...[segmentNode(text, s)].flat());
    at = range.to;
  }
  if (at < size) box.append(omitted(size - at, whole));
  return box;
}

function blockNode(block, spans) {
  const differs = spans.length && block.normalised && block.normalised !== block.text;
  return h('div', {class: `block block-${block.kind}${block.hidden ? ' is-hidden' : ''}`},
    h('span', {class: 'block-kind'}, blockKind(block.kind),
      block.hidden ? h('span', {class: 'tag warn'}, t('text.hidden', {why: hidden(block.hidden)})) : null),
    h('div', {class: differs ? 'beside' : ''},
      h('div', {}, differs ? h('span', {class: 'label'}, t('claim.original')) : null, blockText(block, spans)),
      differs ? h('div', {}, h('span', {class: 'label'}, t('claim.normalised')),
        blockText({text: block.normalised}, [])) : null));
}

function textNode(read, finding) {
  const {blocks} = read;
  const places = (finding.claims ?? []).map((claim, i) => ({...placeOf(blocks, claim), claim: i, class: claim.class, quote: claim.quote}));
  const byBlock = new Map();
  for (const place of places.filter((p) => p.block !== undefined))
    byBlock.set(place.block, [...byBlock.get(place.block) ?? [], place]);
  const lost = places.filter((p) => p.quote && p.block === undefined);
  const list = h('div', {class: 'blocks'});
  const draw = (all) => {
    let left = 0;
    const nodes = [];
    const rest = () => {
      if (left) nodes.push(h('button', {type: 'button', class: 'omitted', on: {click: () => draw(true)}}, t('text.blocks', {n: number(left)})));
      left = 0;
    };
    for (const [i, block] of blocks.entries()) {
      if (!all && i >= BLOCKS && !byBlock.has(i)) {
        left++;
        continue;
      }
      rest();
      nodes.push(blockNode(block, byBlock.get(i) ?? []));
    }
    rest();
    list.replaceChildren(...nodes);
  };
  draw(false);
  return [h('p', {class: 'note'}, t('text.read', {charset: read.charset || '—', why: charsetWhy(read.charset_why || '—')})),
    read.note ? h('p', {class: 'note warn'}, icon('warn'), crawled(read.note)) : null,
    read.cut ? h('p', {class: 'note warn'}, icon('warn'), t('text.cut')) : null,
    lost.length ? h('p', {class: 'note warn'}, icon('warn'), t('text.lost', {n: lost.map((p) => p.claim + 1).join('、')})) : null,
    list];
}

/* ---- screenshot ------------------------------------------------------------ */

/* A box names its claim by the index into the claims. */
function boxNode(desk, finding, box) {
  const claim = finding.claims?.[box.claim];
  return svg('g', {class: 'box', data: {claim: box.claim}, on: {click: () => {
    desk.claim = box.claim;
    desk.moveClaim(0);
  }}},
  svg('rect', {x: box.x, y: box.y, width: box.width, height: box.height, rx: 4}),
  svg('text', {x: box.x + 4, y: Math.max(22, box.y - 8)}, `${box.claim + 1} ${claim ? claimClass(claim.class) : ''}`));
}

function shotNode(desk, finding, shot) {
  const label = t('shot.alt', {kind: shotKind(shot.kind), n: shot.boxes?.length ?? 0});
  return h('figure', {class: 'shot'}, h('div', {class: 'shot-frame'},
    h('img', {src: shot.src ?? `/api/v1/shots/${shot.id}`, width: shot.width, height: shot.height, alt: label, decoding: 'async'}),
    svg('svg', {class: 'shot-boxes', viewBox: `0 0 ${shot.width} ${shot.height}`, 'aria-hidden': 'true'},
      (shot.boxes ?? []).map((box) => boxNode(desk, finding, box)))),
  h('figcaption', {}, label));
}

function shotsView(desk, finding, view) {
  const shots = finding.screenshots ?? [];
  if (!shots.length) return view.append(h('p', {class: 'empty'}, t('shot.none')));
  const place = h('div', {class: 'shots'});
  const pick = (i) => {
    place.replaceChildren(shotNode(desk, finding, shots[i]));
    for (const [n, tab] of [...tabs.children].entries()) tab.setAttribute('aria-pressed', String(n === i));
  };
  const tabs = h('div', {class: 'sub-bar', role: 'group', 'aria-label': t('show.shot')}, shots.map((shot, i) => h('button',
    {type: 'button', 'aria-pressed': 'false', on: {click: () => pick(i)}}, `${shotKind(shot.kind)} ${shot.width}×${shot.height}`)));
  view.append(tabs, place);
  pick(Math.max(0, shots.findIndex((shot) => shot.boxes?.length)));
}

/* ---- which capture ---------------------------------------------------------- */

function capturePicker(finding, draw) {
  const captures = finding.captures ?? [];
  if (captures.length < 2) return null;
  const select = h('select', {'aria-label': t('capture.pick'), on: {change: () => draw(Number(select.value))}},
    captures.map((c) => h('option', {value: c.id}, `${dateTime(c.fetched)} · ${c.status ?? ''} ${c.rendered ? t('capture.rendered') : t('capture.plain')}`)));
  return h('div', {class: 'sub-bar'}, select);
}

function why(error, again) {
  return [h('p', {class: 'note warn'}, icon('warn'), error.code === 'reader'
    ? t('capture.reader', {why: error.message}) : t('error.failed', {why: error.message})),
  button(t('error.again'), again, {kind: 'small'})];
}

/* Asks for a part, and shows it where it is still wanted. */
async function ask(place, wanted, show) {
  place.replaceChildren(h('p', {class: 'note', role: 'status'}, t('capture.loading')));
  try {
    const got = await wanted();
    if (place.isConnected) place.replaceChildren(...[show(got)].flat(Infinity).filter(Boolean));
  } catch (error) {
    if (place.isConnected) place.replaceChildren(...why(error, () => ask(place, wanted, show)));
  }
}

const query = (capture) => (capture ? `?capture=${capture}` : '');

/* A view of a capture: what() asks for it, show() makes its nodes. */
function captureView(finding, view, what, show, done = () => {}) {
  const place = h('div', {class: 'capture'});
  let picker = null;
  const told = (read) => {
    if (picker && read.capture) picker.firstChild.value = read.capture;
    return show(read);
  };
  const draw = (capture) => ask(place, () => what(capture), told).then(done);
  picker = capturePicker(finding, draw);
  if (picker) view.append(picker);
  view.append(place);
  draw(0);
}

/* ---- replay, source, difference --------------------------------------------- */

/* The captured page, from another origin, with nothing allowed. */
function frameNode({url}) {
  return [h('p', {class: 'note'}, t('replay.note')),
    h('iframe', {class: 'replay', src: url, sandbox: '', referrerpolicy: 'no-referrer', title: t('replay.title')})];
}

function sourceNode(read) {
  const size = length(read.text);
  const box = h('pre', {class: 'source', tabindex: 0, 'aria-label': t('show.source'), dir: 'ltr'},
    reveal(size > SOURCE ? slice(read.text, 0, SOURCE) : read.text));
  return [h('p', {class: 'note'}, t('source.note', {bytes: bytes(read.bytes), shown: bytes(read.shown), charset: read.charset || '—'})),
    box, size > SOURCE ? omitted(size - SOURCE, (event) => {
      box.replaceChildren(...reveal(read.text));
      event.currentTarget.remove();
    }) : null];
}

function differenceNode(read) {
  if (!read.before) return h('p', {class: 'empty'}, t('difference.first'));
  const head = h('p', {class: 'note'}, t('difference.note', {before: dateTime(read.before.fetched), after: dateTime(read.after.fetched)}));
  if (!read.pieces.length) return [head, h('p', {class: 'empty'}, t('difference.none'))];
  return [head, h('div', {class: 'pieces'}, read.pieces.map((piece) => h(piece.added ? 'ins' : 'del', {},
    h('span', {class: 'unseen'}, piece.added ? t('difference.added') : t('difference.gone')),
    h('bdi', {class: 'crawled'}, reveal(slice(piece.text, 0, LONG))))))];
}

/* ---- */

const SHOW = {
  text: (desk, finding, view, done) => captureView(finding, view, async (capture) => {
    if (capture) return get(`/findings/${finding.id}/text?capture=${capture}`);
    finding.lastText ??= await get(`/findings/${finding.id}/text`);
    return finding.lastText;
  }, (read) => textNode(read, finding), done),
  shot: (desk, finding, view) => shotsView(desk, finding, view),
  replay: (desk, finding, view) => captureView(finding, view, (capture) => post(`/findings/${finding.id}/frame`,
    capture ? {capture} : {}), frameNode),
  source: (desk, finding, view) => captureView(finding, view, (capture) => get(`/findings/${finding.id}/source${query(capture)}`), sourceNode),
  difference: (desk, finding, view) => captureView(finding, view, (capture) => get(`/findings/${finding.id}/difference${query(capture)}`), differenceNode),
};

/* Fills the view; done() once its text is there. */
export const VIEWS = ['text', 'shot', 'replay', 'source', 'difference'];

/* Is there anything to see in it? One capture alone has no difference. */
export function hasView(finding, view) {
  if (view === 'shot') return Boolean(finding.screenshots?.length);
  return view !== 'difference' || (finding.captures?.length ?? 0) > 1;
}

export function drawView(desk, finding, view, done) {
  SHOW[desk.view](desk, finding, view, done);
  done();
}
