// One finding: what it says, where, and the bar that decides about it.
import {h, button, icon, setCurrent, $, $$} from './dom.js';
import {t, number, dateTime, day, decimal} from './i18n.js';
import {mayDecide, session} from './api.js';
import {toast} from './dialog.js';
import {keyOf} from './keys.js';
import {crawled, crawledOr, passage, reveal} from './text.js';
import {drawView, hasView} from './captures.js';
import {daysLeft, titleOf, urgencyBar} from './list.js';
import {undo, decideGroup, possible} from './decide.js';
import {correctQuote} from './correct.js';
import {sectorList} from './names.js';
import {byScriptAlone} from './script.js';
import {CLASSES, claimClass, channel, state, documentKind} from './terms.js';

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copy.done'));
  } catch (error) {
    toast(t('error.failed', {why: error.message}), {kind: 'bad'});
  }
}

/* The address is told, never a link: nobody opens a suspected page by a slip. */
function address(url) {
  return h('div', {class: 'address'}, h('code', {}, crawled(url, {most: 600})),
    button(t('copy.url'), () => copy(url), {icon: 'copy', bare: true}));
}

function fact(words, ...value) {
  return h('div', {}, h('dt', {}, words), h('dd', {}, value));
}

function headOf(desk, finding) {
  const group = finding.group && finding.group.findings > 1 ? finding.group : null;
  return h('header', {class: 'finding-head'},
    h('div', {class: 'finding-line'},
      button(t('desk.back'), () => desk.showPane('list'), {icon: 'left', bare: true, kind: 'only-small'}),
      h('span', {class: `tag state-${finding.state}`}, state(finding.state)), h('span', {class: 'number'}, `#${finding.id}`),
      urgencyBar(finding), daysLeft(finding),
      h('span', {class: 'lease', hidden: true}),
      group ? button(`${t('row.similar', {n: number(group.findings)})} · ${group.sites ? t('row.sites', {n: number(group.sites)}) : ''}`,
        () => decideGroup(desk, group), {icon: 'group', kind: 'small', key: keyOf('group')}) : null),
    h('h2', {class: 'finding-title', tabindex: -1}, crawled(titleOf(finding), {most: 200})),
    finding.url.startsWith('urn:') ? null : address(finding.url),
    h('dl', {class: 'facts'},
      fact(t('finding.host'), crawledOr(finding.host || finding.source)), fact(t('finding.channel'), channel(finding.channel)),
      fact(t('finding.place'), finding.place?.name ?? t('finding.noPlace')),
      fact(t('finding.publisher'), finding.publisher ? crawled(finding.publisher.name, {most: 60}) : '—'),
      fact(t('finding.firstSeen'), dateTime(finding.first_seen)),
      fact(t('finding.lastSeen'), finding.gone ? t('finding.gone', {day: day(finding.gone)}) : dateTime(finding.last_seen)),
      fact(t('finding.kind'), documentKind(finding.document?.kind ?? 'other'),
        finding.document?.score === undefined ? '' : ` ${decimal(finding.document.score)}`),
      fact(t('finding.sectors'), sectorList(finding.sectors))));
}

/* ---- claims ---------------------------------------------------------------- */

function normalised(claim) {
  if (!claim.normalised || claim.normalised === claim.quote || byScriptAlone(claim.quote, claim.normalised)) return null;
  return h('div', {class: 'beside'},
    h('div', {}, h('span', {class: 'label'}, t('claim.original')), h('bdi', {class: 'crawled'}, reveal(claim.quote))),
    h('div', {}, h('span', {class: 'label'}, t('claim.normalised')), h('bdi', {class: 'crawled'}, reveal(claim.normalised))));
}

const DOUBTFUL = 0.5; /* below it a claim is shown pale */

function claimNode(desk, claim, i) {
  const current = i === desk.claim;
  const corrected = claim.correction
    ? h('p', {class: 'corrected'}, icon('pen'), t('claim.corrected', {who: claim.correction.who, name: claimClass(claim.correction.class)}),
      ' ', h('mark', {}, crawled(claim.correction.quote, {most: 200}))) : null;
  return h('li', {class: `claim-card${current ? ' current' : ''}${claim.score < DOUBTFUL ? ' pale' : ''}`, 'aria-current': current ? 'true' : null, data: {claim: i}},
    h('div', {class: 'claim-head'},
      button(t('claim.show', {n: i + 1}), () => {
        desk.claim = i;
        desk.moveClaim(0);
      }, {kind: 'claim-number', 'aria-pressed': String(current), data: {key: `claim${i}`}}),
      h('strong', {}, claimClass(claim.class)), claim.hidden_view ? h('span', {class: 'tag warn'}, t('claim.hidden')) : null),
    claim.quote ? h('p', {class: 'claim-text'}, passage(claim, i))
      : h('p', {class: 'claim-text absent'}, t('claim.absent')),
    h('span', {class: 'score', title: t('rail.score')}, h('span', {class: 'unseen'}, t('rail.score')), decimal(claim.score)),
    normalised(claim), corrected);
}

function claimsOf(desk, finding) {
  const claims = finding.claims ?? [];
  return h('section', {class: 'claims', 'aria-label': t('claim.list')},
    h('div', {class: 'claims-head'}, h('h3', {}, t('claim.list')), h('span', {class: 'count'}, claims.length),
      claims.length > 1 ? [button(t('key.previousClaim'), () => desk.moveClaim(-1), {icon: 'left', key: keyOf('previousClaim'), kind: 'small quiet'}),
        button(t('key.nextClaim'), () => desk.moveClaim(1), {icon: 'right', key: keyOf('nextClaim'), kind: 'small quiet'})] : null,
      mayDecide() && claims.some((claim) => claim.quote)
        ? button(t('correct.title'), () => correctQuote(desk), {icon: 'pen', key: keyOf('correct'), kind: 'small quiet'}) : null),
    h('ol', {class: 'claim-list'}, claims.map((claim, i) => claimNode(desk, claim, i))));
}

/* ---- views ----------------------------------------------------------------- */

const VIEWS = [['text', () => t('show.text')], ['shot', () => t('show.shot')], ['replay', () => t('show.replay')],
  ['source', () => t('show.source')], ['difference', () => t('show.difference')]];

function viewBar(desk, finding) {
  return h('div', {class: 'view-bar', role: 'group', 'aria-label': t('show.label')}, VIEWS.map(([view, words]) => h('button',
    {type: 'button', 'aria-pressed': String(view === desk.view), 'aria-disabled': hasView(finding, view) ? null : 'true',
      data: {key: `view-${view}`}, on: {click: () => hasView(finding, view) && desk.showView(view)}}, words())),
  keyOf('view') ? h('kbd', {title: t('key.view')}, keyOf('view')) : null);
}

/* ---- the bar --------------------------------------------------------------- */

function classPicker(desk, finding) {
  const chosen = desk.chosen ?? finding.claims?.[desk.claim]?.class;
  return h('div', {class: 'class-picker', role: 'group', 'aria-label': t('class.label')},
    finding.claims?.length ? h('span', {class: 'note'}, t('claim.show', {n: desk.claim + 1})) : null, CLASSES.map((code, i) => h('button',
    {type: 'button', class: 'class', 'aria-pressed': String(code === chosen), 'aria-keyshortcuts': keyOf('class') ? i + 1 : null,
      data: {key: `class${i}`}, on: {click: () => desk.choose(i + 1)}},
    keyOf('class') ? h('kbd', {'aria-hidden': 'true'}, i + 1) : null, h('span', {}, claimClass(code)))));
}

const LOOKS = {confirm: ['check', 'confirm primary'], dismiss: ['cross', 'dismiss'], escalate: ['up', 'escalate'], reopen: ['undo']};

function decideBar(desk, finding) {
  if (!mayDecide()) return h('p', {class: 'decide-bar note'}, t('decide.readOnly'));
  const act = (what, words, sign, kind = '') => button(words, () => desk.acts[what](), {icon: sign, key: keyOf(what), kind: `act ${kind}`, data: {key: `act-${what}`}});
  const second = finding.second?.open && finding.second.first_who !== session.user?.name;
  const words = {confirm: second ? t('action.agree') : t('key.confirm'), dismiss: second ? t('action.oppose') : t('key.dismiss'),
    escalate: t('key.escalate'), reopen: t('action.reopen')};
  return h('div', {class: 'decide-bar', role: 'toolbar', 'aria-label': t('decide.label')}, classPicker(desk, finding),
    h('div', {class: 'decide-acts'},
      possible(finding.state).map((what) => act(what, words[what], ...LOOKS[what])), act('skip', t('key.skip'), 'skip', 'quiet'),
      button(t('key.undo'), () => undo(), {icon: 'undo', key: keyOf('undo'), kind: 'act quiet', data: {key: 'act-undo'}}),
      act('comment', t('key.comment'), 'comment', 'quiet only-wide')));
}

/* ---- the whole ------------------------------------------------------------- */

function nothing(options) {
  if (options.busy) return h('p', {class: 'empty', role: 'status'}, t('finding.loading'));
  if (options.missing) {
    return h('div', {class: 'empty'}, icon('warn'), h('h2', {}, t('finding.missing')),
      h('p', {}, options.missing.status === 404 ? t('finding.missingWhy') : options.missing.message));
  }
  return h('div', {class: 'empty'}, icon('queue'), h('h2', {}, t('finding.none')), h('p', {}, t('finding.noneWhy')));
}

function showClaim(desk, {scroll = false} = {}) {
  for (const card of $$('.claim-card', desk.panes.finding)) {
    const current = Number(card.dataset.claim) === desk.claim;
    card.classList.toggle('current', current);
    setCurrent(card, current);
    $('.claim-number', card).setAttribute('aria-pressed', String(current));
  }
  const marks = $$('.view [data-claim]', desk.panes.finding);
  for (const mark of marks)
    mark.classList.toggle('current', mark.dataset.claim.split(' ').includes(String(desk.claim)));
  const card = $('.claim-card.current', desk.panes.finding);
  if (card) card.parentElement.scrollTop = card.offsetTop - card.parentElement.offsetTop;
  if (!scroll) return;
  const target = marks.find((mark) => mark.classList.contains('current'))
    ?? card;
  target?.scrollIntoView({block: 'center'});
}

/* Brings the view to the top of its pane, which alone is moved. */
export function toView(desk) {
  const pane = $('.finding', desk.panes.finding);
  const bar = $('.view-bar', desk.panes.finding);
  if (pane && bar) pane.scrollTop += bar.getBoundingClientRect().top - pane.getBoundingClientRect().top;
}

/* Draws the pane, or the part of it that changed. */
export function drawFinding(desk, options = {}) {
  const pane = desk.panes.finding;
  const {finding} = desk;
  if (!finding || options.missing) {
    pane.replaceChildren(nothing(options));
    return;
  }
  if (options.claimOnly && $('.claims', pane)) return showClaim(desk, {scroll: true});
  if (options.barOnly && $('.decide-bar', pane)) {
    const focused = document.activeElement?.dataset?.key;
    $('.decide-bar', pane).replaceWith(decideBar(desk, finding));
    if (focused) $(`[data-key="${focused}"]`, pane)?.focus();
    return;
  }
  const view = h('section', {class: 'view', 'aria-label': t('show.label')});
  if (options.viewOnly && $('.view', pane)) {
    const focused = document.activeElement?.dataset?.key;
    $('.view-bar', pane).replaceWith(viewBar(desk, finding));
    $('.view', pane).replaceWith(view);
    if (focused) $(`[data-key="${focused}"]`, pane)?.focus();
  } else {
    pane.replaceChildren(h('article', {class: 'finding'}, headOf(desk, finding), claimsOf(desk, finding), viewBar(desk, finding), view),
      decideBar(desk, finding));
    pane.scrollTop = 0;
  }
  drawView(desk, finding, view, () => showClaim(desk));
}
