// What the office has settled: when a second officer looks, how good a rule
// must be, how long a session lasts, which reasons stand in the list.
import {h, button} from './dom.js';
import {t} from './i18n.js';
import {get, put, may, loadSession} from './api.js';
import {toast} from './dialog.js';
import {pageHead, ask} from './parts.js';
import {field} from './login.js';

function reasonRow(reason) {
  const input = (words, value, most) => h('input', {'aria-label': words, value, maxlength: most, required: true});
  const code = input(t('policy.reasonCode'), reason.code, 40);
  const zh = input(t('policy.reasonZh'), reason.zh, 120);
  const en = input(t('policy.reasonEn'), reason.en, 120);
  const row = h('tr', {}, h('td', {}, code), h('td', {}, zh), h('td', {}, en),
    h('td', {}, button(t('policy.reasonRemove'), () => row.remove(), {icon: 'cross', bare: true})));
  row.told = () => ({code: code.value.trim(), zh: zh.value.trim(), en: en.value.trim()});
  return row;
}

function reasonTable(list) {
  const rows = h('tbody', {}, list.map(reasonRow));
  return {told: () => [...rows.children].map((row) => row.told()), node: h('section', {class: 'card'}, h('h2', {}, t('policy.reasons')),
    h('p', {class: 'note'}, t('policy.reasonsNote')),
    h('table', {class: 'table'}, h('caption', {class: 'unseen'}, t('policy.reasons')), h('thead', {}, h('tr', {},
      [t('policy.reasonCode'), t('policy.reasonZh'), t('policy.reasonEn'), t('users.acts')].map((words) => h('th', {scope: 'col'}, words)))), rows),
    button(t('policy.reasonAdd'), () => {
      const row = reasonRow({code: '', zh: '', en: ''});
      rows.append(row);
      row.querySelector('input').focus();
    }, {kind: 'small'}))};
}

function show(policy) {
  const severity = field(t('policy.severity'), {type: 'number', min: 0, max: 9, step: 1, value: policy.second_severity}, t('policy.severityNote'));
  const fresh = h('input', {type: 'checkbox', checked: policy.second_new_publisher});
  const random = field(t('policy.random'), {type: 'number', min: 0, max: 100, step: 1, value: policy.second_random_percent}, t('policy.randomNote'));
  const bound = field(t('policy.bound'), {type: 'number', min: 0, max: 1, step: 0.01, value: policy.precision_bound}, t('policy.boundNote'));
  const session = field(t('policy.session'), {type: 'number', min: 1, max: 24, step: 1, value: policy.session_hours});
  const reasons = reasonTable(policy.reasons ?? []);
  const says = h('p', {class: 'says', role: 'alert'});
  const mine = may('administrator');
  const form = h('form', {class: 'policy', on: {submit: async (event) => {
    event.preventDefault();
    says.textContent = '';
    try {
      await put('/policy', {second_severity: Number(severity.input.value), second_new_publisher: fresh.checked,
        second_random_percent: Number(random.input.value), precision_bound: Number(bound.input.value),
        session_hours: Number(session.input.value), reasons: reasons.told()});
      await loadSession();
      toast(t('policy.saved'), {kind: 'good'});
    } catch (error) {
      says.textContent = t('error.failed', {why: error.message});
    }
  }}}, h('fieldset', {disabled: !mine}, h('legend', {class: 'unseen'}, t('nav.policy')),
    h('section', {class: 'card'}, h('h2', {}, t('policy.second')), severity.node,
      h('label', {class: 'check'}, fresh, t('policy.newPublisher')), random.node),
    h('section', {class: 'card'}, h('h2', {}, t('policy.other')), bound.node, session.node), reasons.node),
  says, mine ? h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('dialog.save'))) : h('p', {class: 'note'}, t('policy.readOnly')));
  return form;
}

export function policyPage(main) {
  const stop = new AbortController();
  const place = h('div', {});
  main.className = 'page narrow';
  main.append(pageHead(t('nav.policy'), t('policy.note')), place);
  ask(place, () => get('/policy', {signal: stop.signal}), show);
  return {leave: () => stop.abort()};
}
