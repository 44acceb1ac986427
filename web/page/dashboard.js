// The dashboard: how much was found and decided, where, how well each rule
// does, how long it takes.
import {h, button} from './dom.js';
import {t, number, percent, hours, shortDay, dateTime} from './i18n.js';
import {get, session} from './api.js';
import {go} from './nav.js';
import {pageHead, ask} from './parts.js';
import {figure, lines, bars, intervals} from './charts.js';
import {field} from './login.js';
import {crawled} from './text.js';
import {learnSectors, sectorName} from './names.js';
import {isFew, isIdle, withRest, withWaiting, RULE_LEAST} from './tally.js';
import {claimClass, channel, runState} from './terms.js';

const DAY_MS = 86_400_000;
const isoDay = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10); /* of Beijing */

const found = () => ({name: 'found', words: t('dash.found'), kind: 'found'});
const confirmed = () => ({name: 'confirmed', words: t('state.confirmed'), kind: 'confirmed'});
const dismissed = () => ({name: 'dismissed', words: t('state.dismissed'), kind: 'dismissed'});
const escalated = () => ({name: 'escalated', words: t('state.escalated'), kind: 'escalated'});
const waiting = () => ({name: 'waiting', words: t('state.new'), kind: 'found'});

const num = (words, name) => [words, (row) => number(row[name] ?? 0), 'num'];

function trend(data) {
  const series = [found(), confirmed(), dismissed(), escalated()];
  return figure(t('dash.trend'), lines(t('dash.trend'), data.trend.map((p) => ({label: shortDay(`${p.day}T00:00:00+08:00`), values: p})), series),
    [[t('dash.day'), (row) => row.day], ...series.map((s) => num(s.words, s.name))], data.trend, {series, wide: true, idle: isIdle(series)});
}

/* A breakdown: a bar for each, in its states. */
function breakdown(title, head, counted, nameOf) {
  const rows = counted.map(withWaiting);
  const series = [confirmed(), dismissed(), escalated(), waiting()];
  return figure(title, bars(title, rows.slice(0, 12).map((row) => ({name: nameOf(row), values: row})), series),
    [[head, (row) => crawled(nameOf(row), {most: 60})], num(t('dash.found'), 'found'), ...series.map((s) => num(s.words, s.name))], rows, {series});
}

function rules(data) {
  const bound = session.policy?.precision_bound;
  const shown = data.rules.filter((rule) => rule.decided).map((rule) => ({...rule, share: rule.precision ?? 0, low: rule.low ?? 0,
    few: isFew(rule), name: rule.rule === 'model' ? t('rail.model') : rule.rule, told: t('dash.n', {n: number(rule.decided)})}));
  const below = shown.filter((rule) => rule.below);
  return figure(t('dash.rules'), intervals(t('dash.rules'), shown.slice(0, 20), bound),
    [[t('rail.rule'), (r) => r.name], num(t('dash.decided'), 'decided'), num(t('state.confirmed'), 'confirmed'), num(t('state.dismissed'), 'dismissed'),
      [t('dash.precision'), (r) => percent(r.precision), 'num'], [t('dash.low'), (r) => percent(r.low), 'num'],
      [t('dash.below'), (r) => (r.below ? h('span', {class: 'tag warn'}, t('dash.belowBound')) : r.few ? t('dash.few', {n: RULE_LEAST}) : '')]], shown,
    {note: below.length ? t('dash.rulesBelow', {n: below.length, rules: below.map((r) => r.name).join('、')}) : t('dash.rulesNote', {n: RULE_LEAST})});
}

function coverage(data) {
  const it = data.coverage;
  if (!it) return null;
  const series = [{name: 'read', words: t('dash.read'), kind: 'confirmed'}, {name: 'refused', words: t('dash.refused'), kind: 'escalated'},
    {name: 'failed', words: t('dash.failed'), kind: 'bad'}, {name: 'left', words: t('dash.left'), kind: 'dismissed'}];
  return figure(t('dash.coverage'), bars(t('dash.coverage'), it.sources.slice(0, 14).map((s) => ({name: s.name, values: s})), series),
    [[t('dash.source'), (s) => crawled(s.name, {most: 60})], num(t('dash.planned'), 'planned'), num(t('dash.fetched'), 'fetched'),
      ...series.map((s) => num(s.words, s.name)), num(t('dash.findings'), 'findings')], it.sources,
    {series, note: t('dash.run', {run: it.run ?? '—', state: it.state ? runState(it.state) : '—', started: it.started ? dateTime(it.started) : '—', ended: it.ended ? dateTime(it.ended) : '—'})});
}

function load(data) {
  const series = [confirmed(), dismissed(), {name: 'rest', words: t('dash.rest'), kind: 'escalated'}];
  const people = data.load.map(withRest);
  return figure(t('dash.load'), bars(t('dash.load'), people.slice(0, 20).map((row) => ({name: row.who, values: row})), series),
    [[t('dash.who'), (row) => crawled(row.who, {most: 40})], num(t('dash.decisions'), 'decisions'), ...series.map((s) => num(s.words, s.name)),
      [t('dash.median'), (row) => (row.median_seconds === null || row.median_seconds === undefined ? '—' : t('time.seconds', {n: Math.round(row.median_seconds)})), 'num']],
    people, {series});
}

const tile = (words, value, note) => h('div', {class: 'tile'}, h('dt', {}, words), h('dd', {}, h('b', {}, value), note ? h('span', {class: 'note'}, note) : null));

function tiles(data) {
  const sum = (name) => number(data.trend.reduce((total, p) => total + (p[name] ?? 0), 0));
  const {queued_hours: queued, decided_hours: decided} = data.times ?? {};
  const p90 = (it) => (it ? t('dash.p90', {time: hours(it.p90)}) : '');
  return h('dl', {class: 'tiles'}, tile(t('dash.found'), sum('found')), tile(t('state.confirmed'), sum('confirmed')),
    tile(t('state.dismissed'), sum('dismissed')), tile(t('state.escalated'), sum('escalated')),
    tile(t('dash.queuedTime'), hours(queued?.median), p90(queued)), tile(t('dash.decidedTime'), hours(decided?.median), p90(decided)));
}

function period(query) {
  const now = Date.now();
  return {from: query.get('from') ?? isoDay(now - 29 * DAY_MS), to: query.get('to') ?? isoDay(now), place: query.get('place') ?? ''};
}

function periodForm(chosen) {
  const from = field(t('dash.from'), {type: 'date', value: chosen.from});
  const to = field(t('dash.to'), {type: 'date', value: chosen.to});
  const show = (a, b) => go(`/dashboard?${new URLSearchParams({from: a, to: b, ...(chosen.place ? {place: chosen.place} : {})})}`);
  const last = (days) => button(t('dash.lastDays', {n: days}), () => show(isoDay(Date.now() - (days - 1) * DAY_MS), isoDay(Date.now())), {kind: 'small quiet'});
  return h('form', {class: 'period', on: {submit: (event) => {
    event.preventDefault();
    show(from.input.value, to.input.value);
  }}}, from.node, to.node, h('button', {type: 'submit', class: 'btn small'}, h('span', {}, t('dash.show'))), last(7), last(30), last(90),
  button(t('dash.print'), () => print(), {kind: 'small quiet'}));
}

const charts = (data) => [tiles(data), h('div', {class: 'charts'}, trend(data),
  breakdown(t('dash.classes'), t('filter.class'), data.classes, (r) => claimClass(r.class)),
  breakdown(t('dash.places'), t('filter.place'), data.places, (r) => r.name || r.place || t('finding.noPlace')),
  breakdown(t('dash.sectors'), t('filter.sector'), data.sectors, (r) => sectorName(r.sector, r.name)),
  breakdown(t('dash.channels'), t('filter.channel'), data.channels, (r) => channel(r.channel)),
  rules(data), coverage(data), load(data))];

export function dashboardPage(main, match, query) {
  const stop = new AbortController();
  const place = h('div', {});
  const tools = h('div', {});
  const draw = (asked) => {
    const chosen = period(asked);
    tools.replaceChildren(periodForm(chosen));
    ask(place, async () => {
      learnSectors((await get('/facets?state=all', {signal: stop.signal})).sectors);
      return get(`/dashboard?${new URLSearchParams(chosen)}`, {signal: stop.signal});
    }, charts);
  };
  main.className = 'page';
  main.append(pageHead(t('nav.dashboard'), t('app.motto'), tools), place);
  draw(query);
  return {update: (m, q) => draw(q), leave: () => stop.abort()};
}
