// The rows of the queue.
import {h, svg, button, icon, replace, setCurrent, $, $$} from './dom.js';
import {t, number, dateTime} from './i18n.js';
import {session} from './api.js';
import {crawled} from './text.js';
import {claimClass, channel, state, why} from './terms.js';
import {href as viewHref} from './filters.js';

const FULL = 100; /* points at which the bar is full */

/* The urgency as a number and a bar in its parts. */
export function urgencyBar(row) {
  const parts = (row.why ?? []).filter((part) => part.points > 0);
  const told = parts.map((part) => `${why(part.code)} +${part.points}`).join('，');
  let x = 0;
  const scale = 40 / Math.max(FULL, parts.reduce((sum, part) => sum + part.points, 0));
  const bars = parts.map((part, i) => {
    const width = part.points * scale;
    const bar = svg('rect', {x, y: 0, width: Math.max(0, width - 0.6), height: 4, rx: 1, class: `share share-${i % 4}`});
    x += width;
    return bar;
  });
  return h('span', {class: 'urgency', title: told},
    h('span', {class: 'unseen'}, t('row.urgency')), h('b', {}, Math.round(row.urgency)),
    svg('svg', {class: 'urgency-bar', viewBox: '0 0 40 4', 'aria-hidden': 'true'},
      svg('rect', {x: 0, y: 0, width: 40, height: 4, rx: 1, class: 'ground'}), bars));
}

function dueWords(row) {
  if (!row.due) return null;
  const until = t('row.due', {day: dateTime(row.due)});
  return row.due_by_weekends_alone ? `${until} ${t('row.weekends')}` : until;
}

/* Days to the end of the legal clock: what is left, in words and colour. */
export function daysLeft(row) {
  if (row.days_left === null || row.days_left === undefined) return null;
  const n = row.days_left;
  const kind = n < 0 ? 'over' : n <= 3 ? 'near' : '';
  return h('span', {class: `clock ${kind}`, title: dueWords(row)},
    icon('clock'), n < 0 ? t('row.over', {n: -n}) : t('row.left', {n}));
}

/* A handed-in file's name says nothing: its claim's first words do. */
export function titleOf(row) {
  const quote = row.claim?.quote;
  if (quote && row.url?.startsWith('urn:') && /\.\w{2,5}$/.test(row.title ?? '')) return [...quote].slice(0, 24).join('');
  return row.title || row.host || row.url;
}

function tags(desk, row) {
  const {group} = row;
  const ticked = group && group.findings > 1 && desk.selected.has(row.id) ? ` (1/${number(group.findings)})` : '';
  const similar = group && group.findings > 1
    ? h('span', {class: 'tag group'}, icon('group'), t('row.similar', {n: number(group.findings)}), ticked,
      group.sites > 1 ? ` · ${t('row.sites', {n: number(group.sites)})}` : '') : null;
  const other = row.lease && row.lease.id !== session.user?.id ? h('span', {class: 'tag here'}, icon('lock'), crawled(row.lease.name, {most: 20})) : null;
  const mine = row.assigned ? h('span', {class: 'tag'}, '→ ', crawled(row.assigned.name, {most: 20})) : null;
  return [similar, row.gone ? h('span', {class: 'tag'}, t('row.gone')) : null, other, mine];
}

function rowNode(desk, row) {
  const current = row.id === desk.id;
  const claim = row.claim ?? {};
  const box = h('input', {type: 'checkbox', checked: desk.selected.has(row.id), data: {key: `x${row.id}`},
    'aria-label': t('row.select', {title: (row.title || row.host || '').slice(0, 60), id: row.id}),
    on: {change: () => desk.toggle(row)}});
  return h('li', {class: `row${current ? ' current' : ''}`, data: {id: row.id}},
    h('label', {class: 'row-check'}, box),
    h('a', {href: desk.href(row.id), class: 'row-link', 'aria-current': current ? 'true' : null, data: {key: `r${row.id}`}},
      h('span', {class: 'row-top'}, urgencyBar(row),
        h('span', {class: 'row-title'}, crawled(titleOf(row), {most: 60})), daysLeft(row)),
      h('span', {class: 'row-quote'}, claim.quote
        ? [crawled(tail(claim.before), {most: 40}), h('mark', {class: 'claim'}, crawled(claim.quote, {most: 60})),
          crawled(claim.after, {most: 40})]
        : h('span', {class: 'absent'}, t('claim.absent'))),
      h('span', {class: 'row-meta'}, row.host ? crawled(row.host, {most: 40, kind: 'host'}) : row.source ? crawled(row.source, {most: 40, kind: 'host'}) : null,
        h('span', {}, channel(row.channel)), row.place ? h('span', {}, row.place.name) : null,
        h('span', {class: 'row-classes'}, (row.classes ?? []).map((code) => claimClass(code)).join(' · ')),
        desk.query.get('state') === 'all' ? h('span', {class: `tag state-${row.state}`}, state(row.state)) : null,
        tags(desk, row))));
}

/* Of what stands before the quote, the end is near it. */
const tail = (text) => (text && text.length > 12 ? `…${[...text].slice(-10).join('')}` : text ?? '');

function empty(desk) {
  if (desk.loading) return h('p', {class: 'empty'}, t('queue.loading'));
  return h('div', {class: 'empty'}, icon('check'), h('p', {}, t('queue.empty')),
    desk.source === 'queue' && desk.query.toString() ? h('a', {class: 'btn', href: viewHref(new URLSearchParams())}, t('filter.clear')) : null);
}

export function drawList(desk) {
  const grown = desk.grown ? button(t('queue.showGrown', {n: number(desk.grown)}), () => desk.load(),
    {kind: 'grown', icon: 'undo', data: {key: 'grown'}}) : null;
  const more = desk.next ? button(t('queue.more'), () => desk.more(), {kind: 'more', data: {key: 'more'}}) : null;
  replace(desk.rows, grown, desk.items.length
    ? h('ol', {class: 'row-list', 'aria-label': t('queue.rows')}, desk.items.map((row) => rowNode(desk, row)))
    : empty(desk), more);
  keepInView(desk);
}

/* Takes rows out without drawing the others anew. */
export function dropRows(desk, ids) {
  for (const row of $$('.row', desk.rows))
    if (ids.has(Number(row.dataset.id))) row.remove();
  if (!desk.items.length) drawList(desk);
}

/* Another row is the one that is open. */
export function markCurrent(desk) {
  for (const row of $$('.row', desk.rows)) {
    const current = Number(row.dataset.id) === desk.id;
    if (row.classList.contains('current') === current) continue;
    row.classList.toggle('current', current);
    setCurrent($('.row-link', row), current);
  }
  keepInView(desk);
}

function keepInView(desk) {
  const row = $('.row.current', desk.rows);
  if (!row || !desk.rows.clientHeight) return;
  const top = row.offsetTop - desk.rows.offsetTop;
  if (top < desk.rows.scrollTop || top + row.offsetHeight > desk.rows.scrollTop + desk.rows.clientHeight)
    desk.rows.scrollTop = top - desk.rows.clientHeight / 3;
}
