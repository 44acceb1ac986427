// Which findings: the views, the filters with their counts, the search. All of
// it is the query of the page's URL, so that a view is a bookmark.
import {h, button, icon, replace} from './dom.js';
import {t, number} from './i18n.js';
import {get, may} from './api.js';
import {prefs, setPref} from './prefs.js';
import {go} from './nav.js';
import {dialog, actions, toast} from './dialog.js';
import {crawled} from './text.js';
import {field} from './login.js';
import {exportDialog} from './export.js';
import {sectorName} from './names.js';
import {claimClass, channel, state, STATES} from './terms.js';

const NAMES = ['state', 'class', 'channel', 'sector', 'place', 'publisher', 'host', 'source', 'assigned',
  'age_min', 'age_max', 'score_min', 'score_max', 'q', 'group', 'flat', 'order', 'seed'];

/* The part of the page's query that the API knows. */
export function apiQuery(query) {
  const known = new URLSearchParams();
  for (const name of NAMES)
    if (query.get(name)) known.set(name, query.get(name));
  return known;
}

export const href = (query) => (query.toString() ? `/?${query}` : '/');

/* The query with some members changed; null takes one away. */
function having(query, changes) {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') changed.delete(name);
    else changed.set(name, value);
  }
  return changed;
}

/* ---- views ---------------------------------------------------------------- */

const dayOf = () => Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));

const BUILT_IN = [
  {words: () => t('view.urgent'), href: () => '/'},
  {words: () => t('view.mine'), href: () => '/?assigned=me'},
  {words: () => t('view.second'), href: () => '/second', sees: () => may('second_officer', 'supervisor')},
  {words: () => t('view.escalated'), href: () => '/?state=escalated'},
  {words: () => t('view.uncertain'), href: () => '/?order=uncertain'},
  {words: () => t('view.random'), href: () => `/?order=random&seed=${dayOf()}`},
  {words: () => t('view.newest'), href: () => '/?order=newest'},
];

const here = () => (location.pathname.startsWith('/second') ? '/second' : '/') + location.search;

export const describe = () => BUILT_IN.find((view) => view.href() === here())?.words()
  ?? prefs.views.find((view) => view.href === here())?.name ?? t('view.own');

async function count(link, node) {
  if (link === '/second') {
    const {items} = await get('/second');
    node.textContent = number(items.length);
    return;
  }
  const query = apiQuery(new URLSearchParams(link.split('?')[1] ?? ''));
  query.set('limit', 1);
  const {total} = await get(`/findings?${query}`);
  node.textContent = number(total.findings);
}

function viewLink(view, words) {
  const n = h('span', {class: 'count'});
  const link = view.href;
  return {n, link, node: h('a', {href: link, 'aria-current': link === here() ? 'page' : null},
    h('span', {}, words), n)};
}

function viewsMenu() {
  const views = [...BUILT_IN.filter((v) => !v.sees || v.sees()).map((v) => viewLink({href: v.href()}, v.words())),
    ...prefs.views.map((v) => viewLink(v, v.name))];
  const list = h('ul', {class: 'view-list'}, views.map((view, i) => {
    const own = prefs.views[i - (views.length - prefs.views.length)];
    return h('li', {}, view.node, own ? button(t('view.remove', {name: own.name}), () => {
      setPref('views', prefs.views.filter((v) => v !== own));
      list.children[i].remove();
    }, {icon: 'cross', bare: true}) : null);
  }));
  return h('details', {class: 'menu views', on: {toggle: (event) => {
    if (event.target.open)
      for (const view of views) count(view.link, view.n).catch(() => {});
  }}}, h('summary', {data: {key: 'views'}}, h('span', {}, describe()), icon('menu')),
  h('div', {class: 'menu-body'}, list,
    here() === '/second' ? null : button(t('view.save'), saveView, {icon: 'save'})));
}

function saveView() {
  const link = here();
  return dialog(t('view.save'), (close) => {
    const name = field(t('view.name'), {required: true, maxlength: 40, autofocus: true});
    return h('form', {on: {submit: (event) => {
      event.preventDefault();
      setPref('views', [...prefs.views.filter((v) => v.href !== link),
        {name: name.input.value.trim() || link, href: link}]);
      close();
      toast(t('view.saved', {name: name.input.value}));
    }}}, name.node, h('p', {class: 'note'}, t('view.note')),
    actions(button(t('dialog.cancel'), () => close()),
      h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('dialog.save')))));
  });
}

/* ---- filters -------------------------------------------------------------- */

const AGES = {
  '0-3': {age_min: null, age_max: '3'}, '4-7': {age_min: '4', age_max: '7'},
  '8-15': {age_min: '8', age_max: '15'}, over: {age_min: '16', age_max: null},
};
const ageWords = (value) => (value === 'over' ? t('filter.ageOver') : t('filter.ageDays', {days: value}));

const isAge = (query, value) => Object.entries(AGES[value] ?? {none: ''}).every(
  ([name, bound]) => (query.get(name) ?? null) === bound);

const FACETS = [
  {list: 'classes', name: 'class', words: () => t('filter.class'), says: (item) => claimClass(item.value)},
  {list: 'channels', name: 'channel', words: () => t('filter.channel'), says: (item) => channel(item.value)},
  {list: 'sectors', name: 'sector', words: () => t('filter.sector'), says: (item) => sectorName(item.value, item.name)},
  {list: 'places', name: 'place', words: () => t('filter.place'), says: (item) => item.name || item.value},
  {list: 'publishers', name: 'publisher', words: () => t('filter.publisher'), says: (item) => item.name || item.value},
];

function facetButton(desk, words, n, pressed, changes) {
  return h('button', {type: 'button', class: 'facet', 'aria-pressed': String(pressed), data: {key: `f-${JSON.stringify(changes)}`},
    on: {click: () => go(href(having(desk.query, changes)))}},
  crawled(words, {most: 40}), h('span', {class: 'count'}, number(n)));
}

function facetGroup(desk, facet) {
  const items = desk.facets?.[facet.list] ?? [];
  const chosen = desk.query.get(facet.name);
  if (!items.length) return null;
  return h('div', {class: 'facet-group', role: 'group', 'aria-label': facet.words()}, h('h3', {}, facet.words()),
    items.map((item) => facetButton(desk, facet.says(item), item.count, String(item.value) === chosen,
      {[facet.name]: String(item.value) === chosen ? null : String(item.value)})));
}

function ageGroup(desk) {
  const ages = desk.facets?.ages ?? [];
  if (!ages.length) return null;
  return h('div', {class: 'facet-group', role: 'group', 'aria-label': t('filter.age')}, h('h3', {}, t('filter.age')),
    ages.filter((item) => AGES[item.value]).map((item) => facetButton(desk, ageWords(item.value), item.count,
      isAge(desk.query, item.value), isAge(desk.query, item.value) ? {age_min: null, age_max: null} : AGES[item.value])));
}

function scoreGroup(desk) {
  const least = field(t('filter.scoreMin'), {type: 'number', min: 0, max: 1, step: 0.05, value: desk.query.get('score_min') ?? '',
    data: {key: 'score-min'}, on: {change: () => go(href(having(desk.query, {score_min: least.input.value})))}});
  const most = field(t('filter.scoreMax'), {type: 'number', min: 0, max: 1, step: 0.05, value: desk.query.get('score_max') ?? '',
    data: {key: 'score-max'}, on: {change: () => go(href(having(desk.query, {score_max: most.input.value})))}});
  return h('div', {class: 'facet-group', role: 'group', 'aria-label': t('filter.score')}, h('h3', {}, t('filter.score')),
    h('div', {class: 'pair'}, least.node, most.node));
}

const nameIn = (desk, list, value) => desk.facets?.[list]?.find((item) => String(item.value) === value)?.name ?? value;

/* What is filtered by, each with a way to take it away. */
function chips(desk) {
  const {query} = desk;
  const said = {
    class: (v) => claimClass(v), channel: (v) => channel(v), sector: (v) => sectorName(v),
    place: (v) => nameIn(desk, 'places', v), publisher: (v) => nameIn(desk, 'publishers', v), host: (v) => v, source: (v) => v,
    assigned: (v) => (v === 'me' ? t('filter.mine') : v === 'none' ? t('filter.nobodys') : `→ ${v}`),
    age_min: (v) => t('filter.from', {n: v}), age_max: (v) => t('filter.to', {n: v}),
    score_min: (v) => `≥ ${v}`, score_max: (v) => `≤ ${v}`, q: (v) => `“${v}”`, group: (v) => t('filter.group', {n: v}),
  };
  const set = Object.keys(said).filter((name) => query.get(name));
  if (!set.length) return null;
  return h('ul', {class: 'chips', 'aria-label': t('filter.set')}, set.map((name) => h('li', {},
    h('button', {type: 'button', class: 'chip', data: {key: `chip-${name}`}, on: {click: () => go(href(having(query, {[name]: null})))}},
      crawled(said[name](query.get(name)), {most: 30}), icon('cross'), h('span', {class: 'unseen'}, t('filter.remove'))))),
  set.length > 1 ? h('li', {}, h('a', {class: 'chip quiet', href: '/'}, t('filter.clear'))) : null);
}

function stateTabs(desk) {
  const chosen = desk.query.get('state') ?? 'new';
  const counts = Object.fromEntries((desk.facets?.states ?? []).map((item) => [item.value, item.count]));
  return h('div', {class: 'state-tabs', role: 'group', 'aria-label': t('filter.state')}, STATES.map((code) => h('button',
    {type: 'button', 'aria-pressed': String(code === chosen), data: {key: `s-${code}`},
      on: {click: () => go(href(having(desk.query, {state: code === 'new' ? null : code})))}},
    state(code), counts[code] === undefined ? null : h('span', {class: 'count'}, number(counts[code])))));
}

const ORDERS = [['urgent', () => t('order.urgent')], ['newest', () => t('order.newest')],
  ['uncertain', () => t('order.uncertain')], ['random', () => t('order.random')]];

function orderSelect(desk) {
  const chosen = desk.query.get('order') ?? 'urgent';
  const select = h('select', {'aria-label': t('order.label'), data: {key: 'order'}, on: {change: () => {
    const order = select.value;
    go(href(having(desk.query, {order: order === 'urgent' ? null : order, seed: order === 'random' ? dayOf() : null})));
  }}}, ORDERS.map(([code, words]) => h('option', {value: code}, words())));
  select.value = chosen;
  return select;
}

function searchForm(desk) {
  const box = h('input', {type: 'search', id: 'search', 'aria-label': t('search.label'), placeholder: t('search.hint'),
    value: desk.query.get('q') ?? '', maxlength: 200, enterkeyhint: 'search', autocomplete: 'off', data: {key: 'search'}});
  box.addEventListener('keydown', (event) => { if (event.key === 'Escape') box.blur(); });
  return h('form', {class: 'search', role: 'search', on: {submit: (event) => {
    event.preventDefault();
    box.blur();
    go(href(having(desk.query, {q: box.value.trim()})));
  }}}, icon('search'), box);
}

function totalText(desk) {
  if (desk.loading) return t('queue.loading');
  if (desk.source === 'second') return t('second.total', {n: number(desk.total.findings)});
  return t('queue.total', {groups: number(desk.total.groups), findings: number(desk.total.findings)});
}

/* The count alone. */
export function drawTotal(desk) {
  const place = desk.filters.querySelector('.total-text');
  if (place) place.textContent = totalText(desk);
}

export function drawFilters(desk) {
  const typed = desk.filters.querySelector('#search');
  const begun = typed && document.activeElement === typed ? typed.value : null;
  const heading = h('div', {class: 'queue-head'},
    h('h2', {id: 'queue-title'}, desk.source === 'second' ? t('nav.second') : t('nav.queue')), viewsMenu());
  if (desk.source === 'second') {
    replace(desk.filters, heading, h('p', {class: 'note'}, t('second.note')),
      h('p', {class: 'total'}, h('span', {class: 'total-text'}, totalText(desk))));
    return;
  }
  const open = desk.filters.querySelector('.facets')?.hidden === false;
  const facets = h('div', {class: 'facets', id: 'facets', hidden: !open},
    FACETS.map((facet) => facetGroup(desk, facet)), ageGroup(desk), scoreGroup(desk));
  const toggle = button(t('filter.label'), () => {
    facets.hidden = !facets.hidden;
    toggle.setAttribute('aria-expanded', String(!facets.hidden));
  }, {icon: 'filter', kind: 'quiet', 'aria-expanded': String(open), 'aria-controls': 'facets', data: {key: 'filter'}});
  replace(desk.filters, heading, stateTabs(desk), h('div', {class: 'queue-tools'}, searchForm(desk), toggle), chips(desk), facets,
    h('div', {class: 'total'}, h('span', {class: 'total-text'}, totalText(desk)),
    orderSelect(desk), button(t('export.title'), () => exportDialog(desk), {icon: 'out', bare: true, data: {key: 'export'}})));
  if (begun !== null) desk.filters.querySelector('#search').value = begun;
}
