// The rail: why this stands here. The rule and the provision first, then the
// parts of the urgency, the publisher, and what was done so far.
import {h, icon, replace} from './dom.js';
import {t, number, dateTime, day, decimal, bytes} from './i18n.js';
import {get, post, mayDecide} from './api.js';
import {drafts} from './prefs.js';
import {toast, failed} from './dialog.js';
import {crawled, crawledOr} from './text.js';
import {field} from './login.js';
import {action, channel, claimClass, party, provisionStatus, publisherKey, secondWhy, state, why, whyDetail} from './terms.js';

function part(title, open, ...body) {
  return h('details', {class: 'part', open}, h('summary', {}, h('h3', {}, title)), h('div', {class: 'part-body'}, body));
}

const pairs = (...rows) => h('dl', {class: 'pairs'}, rows.filter(Boolean).map(([name, ...value]) => [h('dt', {}, name), h('dd', {}, value)]));

/* ---- reasons ----------------------------------------------------------------- */

function provisionNode(p) {
  const checked = p.checked === false || p.status !== 'full-text';
  return h('div', {class: 'provision'},
    h('p', {class: 'provision-name', lang: 'zh-CN'}, `《${p.law}》`, h('b', {}, p.article)),
    p.text ? h('blockquote', {lang: 'zh-CN'}, p.text) : p.summary ? h('p', {lang: 'zh-CN'}, p.summary) : null,
    h('p', {class: 'note'}, t('provision.version', {from: p.from || '—', to: p.to || t('provision.now')}), ' · ',
      h('span', {class: checked ? 'tag warn' : 'tag good'}, provisionStatus(p.status))));
}

function reasons(desk, finding) {
  const claim = finding.claims?.[desk.claim];
  if (!claim) return null;
  return part(t('rail.reasons', {n: desk.claim + 1}), true,
    pairs([t('rail.class'), claimClass(claim.class)],
      [t('rail.rule'), h('code', {}, claim.rule || '—'), claim.rule_version ? ` v${claim.rule_version}` : ''],
      claim.code ? [t('rail.code'), h('code', {}, claim.code), ' ', h('span', {class: 'tag warn'}, t('provision.toCheck'))] : null,
      [t('rail.severity'), t('rail.severityOf', {n: claim.severity ?? '—'})], [t('rail.score'), decimal(claim.score, 3)]),
    (claim.why ?? []).length ? h('ol', {class: 'whys'}, claim.why.map((text) => h('li', {}, crawled(text, {most: 400})))) : null,
    (claim.provisions ?? []).map(provisionNode),
    h('p', {class: 'note'}, t('app.judge')));
}

function urgency(finding) {
  const parts = finding.why ?? [];
  return part(t('rail.urgency', {n: Math.round(finding.urgency)}), true, h('table', {class: 'parts'},
    h('caption', {class: 'unseen'}, t('rail.urgencyParts')),
    h('thead', {class: 'unseen'}, h('tr', {}, [t('rail.part'), t('rail.points'), t('rail.detail')].map((w) => h('th', {scope: 'col'}, w)))),
    h('tbody', {}, parts.map((p) => h('tr', {}, h('th', {scope: 'row'}, why(p.code)),
      h('td', {class: 'num'}, p.points > 0 ? `+${p.points}` : p.points), h('td', {}, crawledOr(whyDetail(p), {most: 120})))))));
}

/* ---- around it --------------------------------------------------------------- */

const findingLink = (item) => h('li', {}, h('a', {href: `/finding/${item.id}?state=all`}, h('span', {class: `dot state-${item.state}`}),
  h('span', {class: 'unseen'}, state(item.state)), crawled(item.title || item.host || item.url, {most: 60})),
item.quote ? h('p', {class: 'note'}, crawled(item.quote, {most: 80})) : null,
h('span', {class: 'note'}, item.host ? crawled(item.host, {most: 40}) : item.first_seen ? day(item.first_seen) : ''));

/* Keys are kept in small letters; a credit code is written in capitals. */
function keyText(key) {
  const [kind, ...rest] = key.split(':');
  const text = rest.join(':');
  return kind === 'uscc' ? text.toUpperCase() : text;
}

function publisher(finding) {
  const it = finding.publisher;
  if (!it) return part(t('rail.publisher'), false, h('p', {class: 'note'}, t('rail.noPublisher')));
  const states = Object.entries(it.states ?? {}).filter(([, n]) => n);
  return part(t('rail.publisher'), true, h('p', {}, h('strong', {}, crawled(it.name, {most: 80})),
    it.key ? h('span', {class: 'note'}, ' ', publisherKey(it.key.split(':')[0]), ' ', crawled(keyText(it.key), {most: 60})) : null),
  h('p', {}, states.map(([code, n]) => h('span', {class: `tag state-${code}`}, `${state(code)} ${number(n)}`))),
  (it.recent ?? []).length ? h('ul', {class: 'links'}, it.recent.map(findingLink)) : null,
  h('a', {href: `/?state=all&publisher=${it.id}`}, t('rail.allOf', {n: number(it.findings)})));
}

function parties(finding) {
  const found = Object.entries(finding.parties ?? {}).filter(([kind, list]) => kind !== 'places' && Array.isArray(list) && list.length);
  if (!found.length) return null;
  return part(t('rail.parties'), false, pairs(...found.map(([kind, list]) => [party(kind),
    list.slice(0, 12).map((entry) => h('div', {}, crawled(String(entry), {most: 120})))])));
}

function elsewhere(finding) {
  const list = finding.elsewhere ?? [];
  return part(t('rail.elsewhere', {n: list.length}), list.length > 0, list.length
    ? h('ul', {class: 'links'}, list.map(findingLink)) : h('p', {class: 'note'}, t('rail.nowhere')));
}

function landing(finding) {
  const list = finding.landing ?? [];
  if (!list.length) return null;
  return part(t('rail.landing'), true, h('ul', {class: 'links'}, list.map((page) => h('li', {}, h('code', {}, crawled(page.url, {most: 200})),
    page.is_ad ? h('span', {class: 'tag'}, t('rail.isAd')) : null,
    page.finding ? h('a', {href: `/finding/${page.finding}?state=all`}, ` #${page.finding}`) : null))));
}

function up(finding) {
  const it = finding.up;
  if (!it) return null;
  return part(t('rail.up'), true, pairs([t('finding.firstSeen'), dateTime(it.first_seen)], [t('finding.lastSeen'), dateTime(it.last_seen)],
    [t('rail.days'), t('time.days', {n: it.days ?? '—'})],
    it.gone ? [t('rail.gone'), dateTime(it.gone), it.gone_why ? ` (${it.gone_why})` : ''] : null,
    finding.due ? [t('rail.due'), day(finding.due)] : null));
}

function captures(finding) {
  const list = finding.captures ?? [];
  return part(t('rail.captures', {n: list.length}), false, list.map((c) => h('div', {class: 'capture-row'},
    pairs([t('capture.time'), dateTime(c.fetched)], [t('capture.answer'), `${c.status ?? '—'} ${c.mime ?? ''} ${c.bytes === undefined ? '' : bytes(c.bytes)}`],
      [t('capture.address'), `${c.ip ?? '—'} ${c.protocol ?? ''}`], ['SHA-256', h('code', {class: 'hash'}, c.sha256 ?? '—')]))),
  pairs([t('rail.lexicon'), h('code', {class: 'hash'}, finding.lexicon ?? '—')], [t('rail.model'), h('code', {class: 'hash'}, finding.model ?? '—')],
    [t('rail.tool'), finding.tool ?? '—']));
}

const HAND_IN = [['at', () => t('capture.time'), dateTime], ['source', () => t('dash.source')], ['channel', () => t('filter.channel'), channel],
  ['who', () => t('hand.who')], ['place', () => t('filter.place')], ['seen', () => t('hand.seen')], ['note', () => t('hand.note')],
  ['file', () => t('hand.file')], ['attachment', () => t('hand.attachment')]];

function handIns(finding) {
  const list = finding.hand_ins ?? [];
  if (!list.length) return null;
  return part(t('rail.handIns'), true, list.slice(0, 20).map((entry) => pairs(...HAND_IN.filter(([name]) => entry[name])
    .map(([name, words, says]) => [words(), crawled(says ? says(entry[name]) : String(entry[name]), {most: 200})]))));
}

/* ---- work --------------------------------------------------------------------- */

function second(finding) {
  const it = finding.second;
  if (!it || !it.needed) return null;
  const first = it.first_who && finding.decisions?.findLast((one) => one.who === it.first_who);
  return part(t('rail.second'), true, h('p', {}, it.blind && it.open ? t('second.blind') : it.open ? t('second.open') : t('second.closed')),
    pairs(it.why ? [t('rail.why'), secondWhy(it.why)] : null, it.first_who ? [t('second.first'), [crawled(it.first_who, {most: 40}), first ? `：${action(first.action)}` : '']] : null));
}

function decisions(finding) {
  const list = finding.decisions ?? [];
  return part(t('rail.decisions', {n: list.length}), list.length > 0, list.length ? h('ol', {class: 'log'}, list.map((d) => h('li', {},
    h('b', {}, action(d.action)), ' ', crawled(d.who, {most: 40}), h('span', {class: 'note'}, ` ${dateTime(d.at)}`),
    d.class ? h('span', {class: 'tag'}, claimClass(d.class)) : null, d.reason ? h('p', {}, crawled(d.reason, {most: 400})) : null,
    d.hash ? h('code', {class: 'hash'}, d.hash.slice(0, 16)) : null))) : h('p', {class: 'note'}, t('rail.noDecisions')),
  mayDecide() && finding.state !== 'new' && finding.state !== 'second'
    ? h('p', {class: 'note'}, t('rail.reopenNote')) : null);
}

function commentForm(desk, finding) {
  const draft = `comment:${finding.id}`;
  const text = field(t('comment.text'), {rows: 2, id: 'comment', maxlength: 2000, value: drafts.get(draft),
    on: {input: () => drafts.set(draft, text.input.value)}});
  const send = h('button', {type: 'submit', class: 'btn small'}, h('span', {}, t('comment.send')));
  return h('form', {on: {submit: async (event) => {
    event.preventDefault();
    if (!text.input.value.trim()) return;
    send.disabled = true;
    try {
      await post(`/findings/${finding.id}/comments`, {text: text.input.value.trim()});
      drafts.set(draft, '');
      toast(t('comment.sent'));
      desk.refresh();
    } catch (error) {
      failed(error);
      send.disabled = false;
    }
  }, keydown: (event) => {
    if (event.key === 'Escape') text.input.blur();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send.form.requestSubmit();
  }}}, text.node, send);
}

function comments(desk, finding) {
  const list = finding.comments ?? [];
  return part(t('rail.comments', {n: list.length}), true, list.length ? h('ol', {class: 'log'}, list.map((c) => h('li', {},
    h('b', {}, crawled(c.who, {most: 40})), h('span', {class: 'note'}, ` ${dateTime(c.at)}`), h('p', {}, crawled(c.text, {most: 2000}))))) : null,
  mayDecide() ? commentForm(desk, finding) : null);
}

let people = null; /* asked for once */

function assignment(desk, finding) {
  if (!mayDecide()) return null;
  const select = h('select', {id: 'assign', 'aria-label': t('assign.label'), data: {key: 'assign'}, on: {change: async () => {
    try {
      await post(`/findings/${finding.id}/assignment`, {user: Number(select.value)});
      toast(t('assign.done'));
      desk.refresh();
    } catch (error) {
      failed(error);
    }
  }}}, h('option', {value: 0}, t('assign.nobody')));
  people ??= get('/people').catch(() => ({items: []}));
  people.then(({items}) => {
    select.append(...items.map((person) => h('option', {value: person.id}, person.name)));
    select.value = String(finding.assigned?.id ?? 0);
  });
  return part(t('assign.title'), true, select);
}

export function drawRail(desk) {
  const {finding} = desk;
  const pane = desk.panes.rail;
  if (!finding) return replace(pane);
  const draft = document.activeElement?.id === 'comment';
  replace(pane, h('h2', {class: 'rail-title'}, icon('rules'), t('rail.title')), second(finding), reasons(desk, finding), urgency(finding),
    publisher(finding), elsewhere(finding), landing(finding), up(finding), parties(finding), handIns(finding), captures(finding),
    decisions(finding), assignment(desk, finding), comments(desk, finding));
  if (draft) pane.querySelector('#comment')?.focus();
}
