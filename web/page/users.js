// Who may work here. A supervisor sees it; an administrator keeps it.
import {h, button} from './dom.js';
import {t} from './i18n.js';
import {get, post, patch, may} from './api.js';
import {dialog, actions, toast, confirmBox, failed} from './dialog.js';
import {pageHead, table, ask} from './parts.js';
import {field} from './login.js';
import {crawled} from './text.js';
import {role, ROLES} from './terms.js';

function roleField(value) {
  return field(t('user.role'), {options: ROLES.map((code) => [code, role(code)]), value: value ?? 'reviewer'});
}

/* A new user, or one that is changed. */
function userDialog(user, done) {
  return dialog(user ? t('users.change', {name: user.name}) : t('users.add'), (close) => {
    const name = user ? null : field(t('login.name'), {required: true, maxlength: 100, autocomplete: 'off', autofocus: true});
    const rank = roleField(user?.role);
    const place = field(t('user.place'), {value: user?.place ?? '', pattern: '[0-9A-Za-z\\-]{0,40}', maxlength: 40}, t('users.placeNote'));
    const certificate = field(t('user.certificate'), {value: user?.certificate ?? '', maxlength: 60}, t('users.certificateNote'));
    const password = field(user ? t('users.newPassword') : t('login.password'), {type: 'password', autocomplete: 'new-password',
      required: !user, minlength: 10, maxlength: 128}, user ? t('users.passwordEmpty') : t('password.rule'));
    const says = h('p', {class: 'says', role: 'alert'});
    return h('form', {on: {submit: async (event) => {
      event.preventDefault();
      const body = {role: rank.input.value, place: place.input.value.trim(), certificate: certificate.input.value.trim()};
      if (password.input.value) body.password = password.input.value;
      try {
        if (user) await patch(`/users/${user.id}`, body);
        else await post('/users', {name: name.input.value.trim(), ...body});
        close();
        toast(t('users.saved'), {kind: 'good'});
        done();
      } catch (error) {
        says.textContent = t('error.failed', {why: error.message});
      }
    }}}, name?.node, rank.node, place.node, certificate.node, password.node, says,
    actions(button(t('dialog.cancel'), () => close()), h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('dialog.save')))));
  });
}

async function switchUser(user, done) {
  const off = user.active;
  if (off && !await confirmBox(t('users.off'), t('users.offText', {name: user.name}), t('users.off'))) return;
  try {
    await patch(`/users/${user.id}`, {active: !off});
    done();
  } catch (error) {
    failed(error);
  }
}

function show(data, again) {
  const columns = [[t('login.name'), (u) => crawled(u.name, {most: 60})], [t('user.role'), (u) => role(u.role)],
    [t('user.place'), (u) => u.place || t('user.everywhere')], [t('user.certificate'), (u) => u.certificate || '—'],
    [t('users.state'), (u) => h('span', {class: `tag ${u.active ? 'good' : ''}`}, u.active ? t('users.active') : t('users.inactive'))],
    [t('users.sessions'), (u) => u.open_sessions ?? 0, 'num']];
  if (may('administrator')) {
    columns.push([t('users.acts'), (u) => h('div', {class: 'row-acts'},
      button(t('users.edit'), () => userDialog(u, again), {kind: 'small', 'aria-label': t('users.change', {name: u.name})}),
      button(u.active ? t('users.off') : t('users.on'), () => switchUser(u, again),
        {kind: 'small quiet', 'aria-label': `${u.active ? t('users.off') : t('users.on')} ${u.name}`}))]);
  }
  return table(t('nav.users'), columns, data.items);
}

export function usersPage(main) {
  const stop = new AbortController();
  const place = h('div', {});
  const draw = () => ask(place, () => get('/users', {signal: stop.signal}), (data) => show(data, draw));
  main.className = 'page';
  main.append(pageHead(t('nav.users'), t('users.note'),
    may('administrator') ? button(t('users.add'), () => userDialog(null, draw), {icon: 'users', kind: 'primary'}) : null), place);
  draw();
  return {leave: () => stop.abort()};
}
