// One key for each act. Keys may be changed and switched off (WCAG 2.1.4);
// they are never heard while a text is typed, nor beside Ctrl, Alt or Meta.
import {h, button, $} from './dom.js';
import {t} from './i18n.js';
import {prefs, setPref} from './prefs.js';
import {dialog, actions, announce} from './dialog.js';

/* id, its key unless changed, its words */
const ACTS = [
  ['confirm', 'c', () => t('key.confirm')],
  ['dismiss', 'd', () => t('key.dismiss')],
  ['skip', 's', () => t('key.skip')],
  ['escalate', 'e', () => t('key.escalate')],
  ['reopen', 'o', () => t('action.reopen')],
  ['undo', 'u', () => t('key.undo')],
  ['class', '1-9', () => t('key.class')],
  ['correct', 'r', () => t('key.correct')],
  ['comment', 'm', () => t('key.comment')],
  ['select', 'x', () => t('key.select')],
  ['selectAll', 'X', () => t('key.selectAll')],
  ['group', 'g', () => t('key.group')],
  ['assign', 'a', () => t('key.assign')],
  ['nextClaim', 'n', () => t('key.nextClaim')],
  ['previousClaim', 'p', () => t('key.previousClaim')],
  ['view', 'v', () => t('key.view')],
  ['down', 'j', () => t('key.down')],
  ['up', 'k', () => t('key.up')],
  ['search', '/', () => t('key.search')],
  ['help', '?', () => t('key.help')],
];
const FIXED = new Set(['class']); /* digits stay digits */

export function keyOf(act) {
  if (!prefs.keysOn) return null;
  return prefs.keys[act] ?? ACTS.find(([id]) => id === act)[1];
}

let heard = {}; /* act: function, of the page that is shown */

export function listen(acts) {
  heard = acts;
}

const isTyping = (node) => node.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');

function actOf(key) {
  if (/^[1-9]$/.test(key)) return 'class';
  return ACTS.find(([id]) => !FIXED.has(id) && keyOf(id) === key)?.[0];
}

function onKey(event) {
  if (!prefs.keysOn || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (isTyping(event.target) || $('dialog[open]')) return;
  const lower = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = (event.shiftKey && actOf(event.key)) || actOf(lower);
  if (!act || !heard[act]) return;
  event.preventDefault();
  if (!event.repeat || act === 'down' || act === 'up') heard[act](event.key);
}

export const startKeys = () => document.addEventListener('keydown', onKey);

/* ---- what stands in the help and in the settings ------------------------ */

const printed = (act) => keyOf(act) ?? '—';

export function helpDialog() {
  return dialog(t('help.title'), (close) => [
    h('p', {}, prefs.keysOn ? t('help.text') : t('help.off')),
    h('table', {class: 'keys'}, h('tbody', {}, ACTS.map(([id, , words]) => h('tr', {},
      h('th', {scope: 'row'}, words()), h('td', {}, h('kbd', {}, printed(id))))))),
    h('p', {class: 'note'}, t('help.judge')),
    actions(button(t('settings.title'), () => {
      close();
      settingsDialog();
    }, {icon: 'gear'}), button(t('dialog.close'), () => close(), {kind: 'primary', autofocus: true})),
  ], {kind: 'wide'});
}

/* Gives an act another key; what had that key gets the one that is free. */
function remap(act, key) {
  const other = actOf(key);
  if (other === 'class') return false;
  const keys = {...prefs.keys};
  if (other && other !== act) keys[other] = keyOf(act);
  keys[act] = key;
  setPref('keys', keys);
  return true;
}

function keyRow([id, , words], redraw) {
  if (FIXED.has(id)) {
    return h('tr', {}, h('th', {scope: 'row'}, words()),
      h('td', {}, h('kbd', {}, printed(id))), h('td', {}, t('settings.fixed')));
  }
  const field = h('input', {class: 'keyfield', maxlength: 1, size: 2, autocomplete: 'off',
    'aria-label': t('settings.keyFor', {act: words()}), value: prefs.keys[id]
      ?? ACTS.find(([a]) => a === id)[1], data: {key: `key-${id}`},
    on: {
      focus: () => field.select(),
      input: () => {
        const key = field.value.trim().toLowerCase();
        const done = key && remap(id, key);
        announce(done ? t('settings.changed', {act: words(), key}) : t('settings.refused'));
        redraw();
      },
    }});
  return h('tr', {}, h('th', {scope: 'row'}, words()), h('td', {}, field), h('td', {}));
}

export function settingsDialog(changed = () => {}) {
  return dialog(t('settings.title'), (close) => {
    const rows = h('tbody', {});
    const redraw = () => {
      const focused = document.activeElement?.dataset?.key;
      rows.replaceChildren(...ACTS.map((act) => keyRow(act, redraw)));
      if (focused) $(`[data-key="${focused}"]`, rows)?.focus();
    };
    redraw();
    const on = h('input', {type: 'checkbox', checked: prefs.keysOn,
      on: {change: () => setPref('keysOn', on.checked)}});
    return [h('label', {class: 'check'}, on, t('settings.keysOn')),
      h('p', {class: 'note'}, t('settings.text')),
      h('table', {class: 'keys'}, h('caption', {class: 'unseen'}, t('settings.keys')),
        h('thead', {class: 'unseen'}, h('tr', {}, h('th', {scope: 'col'}, t('settings.act')),
          h('th', {scope: 'col'}, t('settings.key')), h('th', {scope: 'col'}, t('settings.about')))), rows),
      actions(button(t('settings.reset'), () => {
        setPref('keys', {});
        redraw();
      }), button(t('dialog.done'), () => close(), {kind: 'primary'}))];
  }, {kind: 'wide'}).then(changed);
}
