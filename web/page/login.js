// Logging in, logging in again, and a new password.
import {h, button, uid} from './dom.js';
import {t} from './i18n.js';
import {session, logIn, post} from './api.js';
import {dialog, actions, toast, announce} from './dialog.js';

export function field(label, props, note) {
  const id = props.id ?? uid('field');
  const noteId = note ? `${id}-note` : null;
  const input = h(props.options ? 'select' : props.rows ? 'textarea' : 'input',
    {...props, id, 'aria-describedby': noteId, options: null, value: null},
    (props.options ?? []).map(([value, words]) => h('option', {value}, words)));
  if (props.value !== undefined) input.value = props.value;
  return {input, node: h('div', {class: 'field'}, h('label', {for: id}, label), input,
    note ? h('p', {class: 'note', id: noteId}, note) : null)};
}

function whyNot(error) {
  if (error.status === 429) return t('login.later', {n: Math.max(1, error.after)});
  if (error.status === 401) return t('login.wrong');
  return t('error.failed', {why: error.message});
}

/* fixed: only this one may log in here. */
function form(done, fixed) {
  const name = field(t('login.name'), {name: 'name', autocomplete: 'username', required: true,
    maxlength: 100, value: fixed ?? '', readonly: Boolean(fixed), autofocus: !fixed});
  const password = field(t('login.password'), {name: 'password', type: 'password',
    autocomplete: 'current-password', required: true, maxlength: 256, autofocus: Boolean(fixed)});
  const says = h('p', {class: 'says', role: 'alert'});
  const send = h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('login.send')));
  return h('form', {class: 'login-form', on: {submit: async (event) => {
    event.preventDefault();
    send.disabled = true;
    says.textContent = '';
    try {
      await logIn(name.input.value.trim(), password.input.value);
      done();
    } catch (error) {
      says.textContent = whyNot(error);
      password.input.select();
    }
    send.disabled = false;
  }}}, name.node, password.node, says, send);
}

export function loginPage(done) {
  return h('div', {class: 'login-card'},
    h('img', {src: '/assets/mark.svg', alt: '', width: 44, height: 44}),
    h('h1', {}, t('login.title')), h('p', {class: 'lead'}, t('app.motto')), form(done),
    h('p', {class: 'note'}, t('login.note')));
}

/* The session has ended: the same one logs in again, and all goes on. */
export function loginDialog() {
  return dialog(t('login.again'), (close) => [h('p', {}, t('login.kept')),
    form(() => {
      close(true);
      announce(t('login.goesOn'));
    }, session.user.name),
    actions(button(t('login.other'), () => location.assign('/login'), {kind: 'quiet'}))], {must: true});
}

export function passwordDialog() {
  return dialog(t('user.password'), (close) => {
    const old = field(t('password.old'), {type: 'password', autocomplete: 'current-password', required: true});
    const fresh = field(t('password.new'), {type: 'password', autocomplete: 'new-password',
      required: true, minlength: 10, maxlength: 128}, t('password.rule'));
    const again = field(t('password.again'), {type: 'password', autocomplete: 'new-password', required: true});
    const says = h('p', {class: 'says', role: 'alert'});
    return h('form', {on: {submit: async (event) => {
      event.preventDefault();
      if (fresh.input.value !== again.input.value) {
        says.textContent = t('password.differ');
        return;
      }
      try {
        await post('/session/password', {old: old.input.value, new: fresh.input.value});
        close();
        toast(t('password.done'));
      } catch (error) {
        says.textContent = t('error.failed', {why: error.message});
      }
    }}}, old.node, fresh.node, again.node, says,
    actions(button(t('dialog.cancel'), () => close()),
      h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('dialog.save')))));
  });
}
