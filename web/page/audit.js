// The audit: rows that are only ever added, each holding the hash of the one
// before.
import {h, button, icon} from './dom.js';
import {t, number, dateTime} from './i18n.js';
import {get} from './api.js';
import {go} from './nav.js';
import {announce} from './dialog.js';
import {pageHead, table, ask} from './parts.js';
import {field} from './login.js';
import {crawled} from './text.js';
import {subjectOf} from './tally.js';
import {action as decided, audit as actionWords, AUDITED, claimClass, role, subjectKind, viewWay} from './terms.js';

const PAGE = 100;

const detailText = (detail) => (typeof detail === 'string' ? detail : JSON.stringify(detail ?? {}));

function subjectNode(row) {
  const {kind, id, finding} = subjectOf(row);
  const own = kind === 'finding' ? null : subjectKind(kind) === kind ? String(row.subject ?? '') : `${subjectKind(kind)} #${id}`;
  return [own ? crawled(own, {most: 80}) : null, own && finding ? ' · ' : null,
    finding ? h('a', {href: `/finding/${finding}?state=all&flat=1`}, `${t('finding.pane')} #${finding}`) : null];
}

/* An action's detail in words: what officers ask of it. */
const TOLD = {
  decision: (d) => decided(d.action),
  comment: (d) => crawled(String(d.text ?? ''), {most: 80}),
  assignment: (d) => (d.user ? `${t('audit.user')} #${d.user}` : t('assign.nobody')),
  correction: (d) => [claimClass(d.class), ' ', crawled(String(d.quote ?? ''), {most: 60})],
  view: (d) => viewWay(d.way),
  export: (d) => t('audit.exported', {format: d.format, n: number(d.findings ?? 0)}),
  bundle: (d) => crawled(String(d.file ?? ''), {most: 60}),
  user: (d) => [crawled(String(d.name ?? ''), {most: 40}), ` · ${role(d.role)} · ${d.active ? t('users.active') : t('users.inactive')}`],
  login: (d) => crawled(String(d.address ?? ''), {most: 60}),
  login_failed: (d) => crawled([d.name, d.address].filter(Boolean).join(' · '), {most: 80}),
  setting: (d) => `${d.before} → ${d.after}`,
};

function detailNode(row) {
  const {detail} = row;
  const isTold = detail && typeof detail === 'object' && Object.hasOwn(TOLD, row.action);
  const raw = detailText(detail);
  return [isTold ? h('div', {}, TOLD[row.action](detail)) : null,
    raw === '{}' || raw === '' ? null : h('details', {class: 'raw'}, h('summary', {}, t('audit.raw')), h('code', {}, crawled(raw, {most: 2000})))];
}

const COLUMNS = () => [[t('audit.id'), (r) => r.id, 'num'], [t('audit.at'), (r) => dateTime(r.at)], [t('audit.who'), (r) => crawled(r.who, {most: 60})],
  [t('audit.action'), (r) => actionWords(r.action)], [t('audit.subject'), subjectNode],
  [t('audit.detail'), detailNode],
  [t('audit.hash'), (r) => h('code', {class: 'hash', title: r.hash}, (r.hash ?? '').slice(0, 12))]];

function verifier() {
  const says = h('p', {class: 'verified', role: 'status'});
  const press = async () => {
    says.className = 'verified';
    says.replaceChildren(t('audit.verifying'));
    try {
      const told = await get('/audit/verify');
      says.className = `verified ${told.ok ? 'good' : 'bad'}`;
      says.replaceChildren(icon(told.ok ? 'check' : 'warn'), told.ok ? t('audit.whole', {n: number(told.count)}) : t('audit.broken', {n: number(told.count), why: told.message}),
        ...(told.head ? [h('code', {class: 'hash'}, typeof told.head === 'string' ? told.head : told.head.hash ?? '')] : []));
    } catch (error) {
      says.className = 'verified bad';
      says.replaceChildren(t('error.failed', {why: error.message}));
    }
  };
  return [button(t('audit.verify'), press, {icon: 'chain', kind: 'primary'}), says];
}

function filterForm(query) {
  const who = field(t('audit.who'), {value: query.get('who') ?? '', maxlength: 100});
  const action = field(t('audit.action'), {value: query.get('action') ?? '',
    options: [['', t('audit.any')], ...AUDITED.map((code) => [code, actionWords(code)])]});
  const days = [['from', t('dash.from')], ['to', t('dash.to')]].map(([name, words]) => [name, field(words, {value: query.get(name) ?? '', type: 'date'})]);
  return h('form', {class: 'period', on: {submit: (event) => {
    event.preventDefault();
    const asked = new URLSearchParams();
    if (who.input.value) asked.set('who', who.input.value);
    if (action.input.value) asked.set('action', action.input.value);
    for (const [name, day] of days) if (day.input.value) asked.set(name, day.input.value);
    go(`/audit${asked.size ? `?${asked}` : ''}`);
  }}}, who.node, action.node, ...days.map(([, day]) => day.node), h('button', {type: 'submit', class: 'btn small'}, h('span', {}, t('dash.show'))));
}

export function auditPage(main, match, query) {
  const stop = new AbortController();
  const place = h('div', {});
  const tools = h('div', {});
  const draw = (asked) => {
    tools.replaceChildren(filterForm(asked));
    const path = (after) => {
      const sent = new URLSearchParams({limit: PAGE});
      for (const name of ['who', 'action', 'from', 'to']) if (asked.get(name)) sent.set(name, asked.get(name));
      if (after) sent.set('after', after);
      return `/audit?${sent}`;
    };
    let rows = [];
    const show = (data) => {
      rows = [...rows, ...data.items];
      const more = data.next ? button(t('queue.more'), async () => {
        const next = await get(path(data.next), {signal: stop.signal});
        place.replaceChildren(...show(next));
        announce(t('audit.rows', {n: number(rows.length)}));
      }, {kind: 'more'}) : null;
      return [table(t('nav.audit'), COLUMNS(), rows), more].filter(Boolean);
    };
    ask(place, () => get(path(), {signal: stop.signal}), show);
  };
  main.className = 'page audit';
  main.append(pageHead(t('nav.audit'), t('audit.note'), tools), h('div', {class: 'verify'}, verifier()), place);
  draw(query);
  return {update: (m, q) => draw(q), leave: () => stop.abort()};
}
