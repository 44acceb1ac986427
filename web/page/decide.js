// Deciding. One, many and a group go by the same call. Decisions are sent one
// after the other, each with a key of its own; the page goes on meanwhile. A
// clash tells what the other did.
import {h, button, $} from './dom.js';
import {t, number, dateTime} from './i18n.js';
import {get, post, newKey, session} from './api.js';
import {drafts} from './prefs.js';
import {keyOf} from './keys.js';
import {dialog, actions, toast} from './dialog.js';
import {crawled} from './text.js';
import {field} from './login.js';
import {go} from './nav.js';
import {action, state} from './terms.js';

/* What may be done from each state: never what has been done already. */
const POSSIBLE = {confirmed: ['dismiss', 'escalate', 'reopen'], dismissed: ['confirm', 'escalate', 'reopen'],
  escalated: ['confirm', 'dismiss', 'reopen']};
export const possible = (from) => POSSIBLE[from] ?? ['confirm', 'dismiss', 'escalate'];

const TYPED_ABOVE = 20; /* findings, from which their number is typed */

let queue = Promise.resolve();
let waiting = 0;
let settled = () => {};
let counted = () => {};

/* How many calls are not answered yet. */
export const pending = () => waiting;
/* heard() when that number changes */
export const onPending = (heard) => { counted = heard; };
/* heard({back: ids that stay open, undone: of an undo}) */
export const onSettled = (heard) => { settled = heard; };

function enqueue(task) {
  waiting++;
  counted();
  const done = queue.then(task).finally(() => {
    waiting--;
    counted();
  });
  queue = done.catch(() => {});
  return done;
}

/* ---- what is asked before ----------------------------------------------------- */

let policy = null;
function reasons() {
  if (session.policy?.reasons) return Promise.resolve(session.policy.reasons);
  policy ??= get('/policy').catch(() => {
    policy = null;
    return {};
  });
  return policy.then((told) => told.reasons ?? []);
}

const reasonText = (reason) => (document.documentElement.lang === 'en' ? reason.en : reason.zh);

function reasonList(list, chosen) {
  return h('fieldset', {class: 'reasons'}, h('legend', {}, t('reason.legend')), list.map((reason, i) => h('label', {class: 'check'},
    h('input', {type: 'radio', name: 'reason', value: reason.code, autofocus: i === 0, on: {change: () => chosen(reason)}}),
    i < 9 ? h('kbd', {'aria-hidden': 'true'}, i + 1) : null, reasonText(reason))));
}

/* Asks why: {reason, code}, or undefined. A digit picks, Enter sends. */
async function askReason(title, draft, needed) {
  const list = needed ? await reasons() : [];
  return dialog(title, (close) => {
    let picked = null;
    const text = field(needed ? t('reason.free') : t('reason.optional'), {rows: 3, maxlength: 2000,
      value: drafts.get(draft), autofocus: !list.length, on: {input: () => drafts.set(draft, text.input.value)}});
    const says = h('p', {class: 'says', role: 'alert'});
    const form = h('form', {on: {submit: (event) => {
      event.preventDefault();
      const reason = text.input.value.trim() || (picked ? picked.zh : '');
      if (needed && (!reason || (picked?.code === 'other' && !text.input.value.trim()))) {
        says.textContent = reason ? t('reason.other') : t('reason.needed');
        return;
      }
      drafts.set(draft, '');
      close({reason, code: picked?.code});
    }, keydown: (event) => {
      if (event.target === text.input) {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      } else if (event.key === 'Enter' && event.target.type === 'radio') {
        event.preventDefault();
        form.requestSubmit();
      } else if (/^[1-9]$/.test(event.key) && keyOf('class')) {
        const radio = form.querySelectorAll('input[type=radio]')[Number(event.key) - 1];
        radio?.click();
        radio?.focus();
      }
    }}}, list.length ? reasonList(list, (reason) => { picked = reason; }) : null, text.node, says,
    actions(button(t('dialog.cancel'), () => close()),
      h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('reason.send')), h('kbd', {'aria-hidden': 'true'}, 'Enter'))));
    return form;
  });
}

/* Asks that the number be typed; undefined: not done. */
function askNumber(n, what) {
  return dialog(t('typed.title', {what, n: number(n)}), (close) => {
    const typed = field(t('typed.label', {n}), {inputmode: 'numeric', autocomplete: 'off', required: true, autofocus: true});
    const says = h('p', {class: 'says', role: 'alert'});
    return h('form', {on: {submit: (event) => {
      event.preventDefault();
      if (typed.input.value.trim() === String(n)) close(n);
      else says.textContent = t('typed.differs', {n});
    }}}, h('p', {}, t('typed.text', {n: number(n), what})), typed.node, says,
    actions(button(t('dialog.cancel'), () => close()), h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, what))));
  });
}

/* ---- sending ------------------------------------------------------------------- */

function clashNode(clash) {
  const d = clash.decision;
  return h('li', {}, h('a', {href: `/finding/${clash.finding}?state=all`}, `#${clash.finding}`), ' ', h('span', {class: `tag state-${clash.state}`}, state(clash.state)),
    d ? h('p', {}, t('clash.did', {who: d.who, what: action(d.action), at: dateTime(d.at)}), d.reason ? h('q', {}, crawled(d.reason, {most: 300})) : null)
      : h('p', {}, t('clash.changed')));
}

function showClashes(result) {
  const {clashes = [], failed = []} = result;
  if (!clashes.length && !failed.length) return;
  dialog(clashes.length ? t('clash.title') : t('clash.failed'), (close) => [
    clashes.length ? [h('p', {}, t('clash.text')), h('ul', {class: 'clashes', on: {click: (event) => {
      const link = event.target.closest('a');
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      close();
      go(link.getAttribute('href'));
    }}}, clashes.map(clashNode))] : null,
    failed.length ? h('ul', {class: 'clashes'}, failed.map((one) => h('li', {}, `#${one.finding} `, one.message))) : null,
    actions(button(t('clash.seen'), () => close(), {kind: 'primary', autofocus: true}))]);
}

const undoAct = () => ({label: t('key.undo'), press: undo, key: keyOf('undo')});

function told(body, result) {
  const n = result.done?.length ?? 0;
  if (n === 1)
    toast(body.action === 'dismiss' && result.done[0].state === 'escalated' ? t('second.opposed') : t('decide.done', {what: action(body.action), id: result.done[0].finding, state: state(result.done[0].state)}), {kind: 'good', act: undoAct()});
  else if (n)
    toast(t('decide.doneMany', {what: action(body.action), n: number(n)}), {kind: 'good', act: undoAct()});
  showClashes(result);
}

/* Sends a decision; ids are those that it is about, as far as they are known. */
function send(body, ids) {
  const key = newKey();
  return enqueue(async () => {
    try {
      const result = await post('/decisions', body, {key});
      told(body, result);
      settled({back: [...(result.clashes ?? []), ...(result.failed ?? [])].map((one) => one.finding)});
    } catch (error) {
      toast(t('decide.failed', {what: action(body.action), why: error.message}), {kind: 'bad'});
      settled({back: ids});
    }
  });
}

/* What an action needs to be told before it is sent; null: not done. */
async function fill(what, draft, n) {
  const body = {action: what};
  if (what !== 'confirm') {
    const asked = await askReason(t('reason.title', {what: action(what), n: number(n)}), draft, what === 'dismiss');
    if (!asked) return null;
    if (asked.reason) body.reason = asked.reason;
    if (asked.code) body.code = asked.code;
  }
  if (n > TYPED_ABOVE) {
    const typed = await askNumber(n, action(what));
    if (typed === undefined) return null;
    body.typed = typed;
  }
  return body;
}

/* Decides the finding that is open. Truthy once it is on its way. */
export async function decideOne(desk, what, finding) {
  const body = await fill(what, `${what}:${finding.id}`, 1);
  if (!body || desk.finding !== finding) return null;
  body.items = [{finding: finding.id, version: finding.version}];
  if (desk.chosen) body.class = desk.chosen;
  send(body, [finding.id]);
  return body;
}

/* Decides what is selected. */
export async function decideMany(desk, what) {
  const items = [...desk.selected].map(([finding, version]) => ({finding, version}));
  const body = await fill(what, `${what}:many`, items.length);
  if (!body) return;
  body.items = items;
  const ids = items.map((item) => item.finding);
  const next = ids.includes(desk.id) ? desk.items.find((row) => !ids.includes(row.id)) : null;
  desk.forget(new Set(ids));
  if (next || ids.includes(desk.id)) desk.advance(next);
  await send(body, ids);
}

export function undo() {
  return enqueue(async () => {
    try {
      const result = await post('/decisions/undo', {}, {key: newKey()});
      const n = result.undone?.length ?? 0;
      toast(n ? t('undo.done', {n: number(n), left: result.left ?? 0}) : t('undo.nothing'), {kind: n ? 'good' : ''});
      showClashes(result);
      settled({undone: result.undone ?? [], back: []});
    } catch (error) {
      toast([404, 400, 409].includes(error.status) ? t('undo.nothing') : t('error.failed', {why: error.message}));
    }
  });
}

/* ---- groups --------------------------------------------------------------------- */

const MEMBERS = 50;

function memberNode(row) {
  return h('li', {}, h('span', {class: 'member-title'}, crawled(row.title || row.host, {most: 70})),
    h('span', {class: 'note'}, `#${row.id} · ${state(row.state)} · ${dateTime(row.first_seen)} · `, crawled(row.host, {most: 40})), row.claim?.quote ? h('mark', {class: 'claim'}, crawled(row.claim.quote, {most: 40})) : null);
}

/* Shows what stands in a group, and decides all that is open in it. */
export async function decideGroup(desk, group) {
  if (!group || $('dialog[open]')) return;
  const list = h('ol', {class: 'members', tabindex: 0, 'aria-label': t('group.members')}, h('li', {}, t('queue.loading')));
  get(`/findings?group=${group.id}&flat=1&limit=${MEMBERS}`).then(({items, total}) => {
    list.replaceChildren(...items.map(memberNode), total.findings > items.length
      ? h('li', {class: 'note'}, t('group.more', {n: number(total.findings - items.length)})) : '');
    group = {...group, findings: total.findings};
  }, (error) => list.replaceChildren(h('li', {}, error.message)));
  const what = await dialog(group.sites ? t('group.title', {n: number(group.findings), sites: number(group.sites)}) : t('row.similar', {n: number(group.findings)}), (close) => [
    h('p', {}, t('group.text')), list,
    actions(button(t('group.list'), () => close('list'), {kind: 'quiet'}), button(t('dialog.cancel'), () => close(), {autofocus: true}),
      ...['escalate', 'dismiss', 'confirm'].map((one) => button(t('group.all', {what: action(one)}), () => close(one),
        {kind: one === 'confirm' ? 'primary' : ''})))], {kind: 'wide'});
  if (what === 'list') return go(`/?group=${group.id}&flat=1&state=all`);
  if (!what) return;
  const body = await fill(what, `${what}:group:${group.id}`, group.findings);
  if (!body) return;
  body.group = group.id;
  if (desk.chosen) body.class = desk.chosen;
  const ids = desk.items.filter((row) => row.group?.id === group.id).map((row) => row.id);
  const next = desk.items.find((row, i) => i > desk.position() && !ids.includes(row.id)) ?? null;
  desk.forget(new Set(ids));
  desk.advance(next);
  await send(body, ids);
}
