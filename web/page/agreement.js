// How far two officers who judged the same thing agree, by class and by pair.
import {h} from './dom.js';
import {t, number, percent, decimal} from './i18n.js';
import {get} from './api.js';
import {pageHead, table, ask} from './parts.js';
import {crawled} from './text.js';
import {claimClass} from './terms.js';

/* How Landis and Koch word a kappa (1977). */
function words(kappa) {
  if (kappa === null || kappa === undefined) return t('agree.few');
  if (kappa > 0.8) return t('agree.nearly');
  if (kappa > 0.6) return t('agree.substantial');
  if (kappa > 0.4) return t('agree.moderate');
  if (kappa > 0.2) return t('agree.fair');
  return t('agree.slight');
}

const kappaCell = (row) => [decimal(row.kappa), h('span', {class: 'note'}, ` ${words(row.kappa)}`)];

function show(data) {
  return [h('dl', {class: 'tiles'},
    h('div', {class: 'tile'}, h('dt', {}, t('agree.pairs')), h('dd', {}, h('b', {}, number(data.all?.pairs ?? 0)))),
    h('div', {class: 'tile'}, h('dt', {}, t('agree.kappa')), h('dd', {}, h('b', {}, decimal(data.all?.kappa)), h('span', {class: 'note'}, words(data.all?.kappa)))),
    h('div', {class: 'tile'}, h('dt', {}, t('agree.alpha')), h('dd', {}, h('b', {}, decimal(data.all?.alpha))))),
  table(t('agree.byClass'), [[t('filter.class'), (r) => claimClass(r.class)], [t('agree.pairs'), (r) => number(r.pairs), 'num'],
    [t('agree.agreed'), (r) => `${number(r.agreed ?? 0)} (${percent(r.pairs ? (r.agreed ?? 0) / r.pairs : null)})`, 'num'],
    [t('agree.kappa'), kappaCell], [t('agree.alpha'), (r) => decimal(r.alpha), 'num']], data.classes ?? [], {seen: true}),
  table(t('agree.byPair'), [[t('agree.first'), (r) => crawled(r.a, {most: 40})], [t('agree.second'), (r) => crawled(r.b, {most: 40})],
    [t('agree.pairs'), (r) => number(r.pairs), 'num'], [t('agree.kappa'), kappaCell]], data.reviewers ?? [], {seen: true})];
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
