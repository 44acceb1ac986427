// Dialogs, the live region, and short messages that go by themselves.
import {h, button, uid, $} from './dom.js';
import {t} from './i18n.js';

/* Shows a modal dialog; kept when it is closed, with what close() was given.
 * build(close) gives the nodes; `actions` stand below. Escape closes with
 * undefined, unless it must be answered. */
export function dialog(title, build, {kind = '', must = false} = {}) {
  return new Promise((done) => {
    const id = uid('dialog');
    const before = document.activeElement;
    let answer;
    const box = h('dialog', {class: `dialog ${kind}`, 'aria-labelledby': id});
    const close = (value) => {
      answer = value;
      box.close();
    };
    box.append(h('div', {class: 'dialog-head'}, h('h2', {id}, title),
      must ? null : button(t('dialog.close'), () => close(), {icon: 'cross', bare: true})),
    h('div', {class: 'dialog-body'}, build(close)));
    box.addEventListener('cancel', (event) => { if (must) event.preventDefault(); });
    box.addEventListener('close', () => {
      box.remove();
      if (before?.isConnected) before.focus({preventScroll: true});
      done(answer);
    });
    document.body.append(box);
    box.showModal();
    ($('[autofocus]', box) ?? $('input, select, textarea, button.primary', box))?.focus();
  });
}

export const actions = (...nodes) => h('div', {class: 'dialog-actions'}, nodes);

/* A question answered by a button: true or false. */
export function confirmBox(title, text, yes) {
  return dialog(title, (close) => [h('p', {}, text),
    actions(button(t('dialog.cancel'), () => close(false)),
      button(yes, () => close(true), {kind: 'primary', autofocus: true}))])
    .then((answer) => answer === true);
}

const region = (role, live) => h('div', {class: 'unseen', role, 'aria-live': live});
const polite = region('status', 'polite');
const urgent = region('alert', 'assertive');
const toasts = h('div', {class: 'toasts', role: 'region'});

export function mountRegions() {
  toasts.setAttribute('aria-label', t('toast.region'));
  document.body.append(polite, urgent, toasts);
}

/* Tells who listens what has changed. */
export function announce(text, {urgently = false} = {}) {
  const place = urgently ? urgent : polite;
  place.textContent = '';
  setTimeout(() => { place.textContent = text; }, 30);
}

const STAYS_MS = 6000;

/* A short message at the edge, told as well; act is {label, press, key}. */
export function toast(text, {kind = '', act} = {}) {
  const box = h('div', {class: `toast ${kind}`}, h('span', {}, text));
  const go = () => box.remove();
  if (act) {
    box.append(button(act.label, () => {
      go();
      act.press();
    }, {key: act.key, kind: 'small'}));
  }
  box.append(button(t('dialog.close'), go, {icon: 'cross', bare: true}));
  toasts.replaceChildren(box); /* one at a time: an older one's act is out of date */
  announce(text, {urgently: kind === 'bad'});
  let timer = setTimeout(go, kind === 'bad' ? 3 * STAYS_MS : STAYS_MS);
  box.addEventListener('mouseenter', () => clearTimeout(timer));
  box.addEventListener('focusin', () => clearTimeout(timer));
  box.addEventListener('mouseleave', () => { timer = setTimeout(go, STAYS_MS); });
}

export const failed = (error) => toast(t('error.failed', {why: error.message}), {kind: 'bad'});
