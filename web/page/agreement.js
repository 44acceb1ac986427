// How far two officers who judged the same thing agree, by class and by pair.
import {h} from './dom.js';
import {t, number, percent, decimal} from './i18n.js';
import {get} from './api.js';
import {pageHead, table, ask} from './parts.js';
import {crawled} from './text.js';
import {claimClass} from './terms.js';

/* How Landis and Koch word a kappa (1977). */
function words(kappa) {
  if (kappa > 0.8) return t('agree.nearly');
  if (kappa > 0.6) return t('agree.substantial');
  if (kappa > 0.4) return t('agree.moderate');
  if (kappa > 0.2) return t('agree.fair');
  return t('agree.slight');
}

/* The coefficients are of blind looks alone, the pairs of all. */
const isNone = (x) => x === null || x === undefined;
const told = (row) => (isNone(row?.kappa) ? t('agree.few') : words(row.kappa));
const kappaCell = (row) => [isNone(row.kappa) ? '' : decimal(row.kappa), h('span', {class: 'note'}, ` ${told(row)}`)];
const blind = () => [t('agree.blind'), (r) => number(r.blind ?? 0), 'num'];

function show(data) {
  return [h('dl', {class: 'tiles'},
    h('div', {class: 'tile'}, h('dt', {}, t('agree.pairs')), h('dd', {}, h('b', {}, number(data.all?.pairs ?? 0)), h('span', {class: 'note'}, t('agree.ofBlind', {n: number(data.all?.blind ?? 0)})))),
    h('div', {class: 'tile'}, h('dt', {}, t('agree.kappa')), h('dd', {}, h('b', {}, decimal(data.all?.kappa)), h('span', {class: 'note'}, told(data.all)))),
    h('div', {class: 'tile'}, h('dt', {}, t('agree.alpha')), h('dd', {}, h('b', {}, decimal(data.all?.alpha))))),
  table(t('agree.byClass'), [[t('filter.class'), (r) => claimClass(r.class)], [t('agree.pairs'), (r) => number(r.pairs), 'num'],
    [t('agree.agreed'), (r) => `${number(r.agreed ?? 0)} (${percent(r.pairs ? (r.agreed ?? 0) / r.pairs : null)})`, 'num'],
    blind(), [t('agree.kappa'), kappaCell, 'num'], [t('agree.alpha'), (r) => decimal(r.alpha), 'num']], data.classes ?? [], {seen: true}),
  table(t('agree.byPair'), [[t('agree.first'), (r) => crawled(r.a, {most: 40})], [t('agree.second'), (r) => crawled(r.b, {most: 40})],
    [t('agree.pairs'), (r) => number(r.pairs), 'num'], blind(), [t('agree.kappa'), kappaCell, 'num']], data.reviewers ?? [], {seen: true})];
}

export function agreementPage(main, match, query) {
  const stop = new AbortController();
  const place = h('div', {class: 'stack'});
  main.className = 'page';
  main.append(pageHead(t('nav.agreement'), t('agree.note')), place);
  const asked = new URLSearchParams();
  for (const name of ['from', 'to']) if (query.get(name)) asked.set(name, query.get(name));
  ask(place, () => get(`/agreement?${asked}`, {signal: stop.signal}), show);
  return {leave: () => stop.abort()};
}
