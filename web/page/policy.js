// What the office has settled: when a second officer looks, how good a rule
// must be, how long a session lasts.
import {h} from './dom.js';
import {t} from './i18n.js';
import {get, put, may, loadSession} from './api.js';
import {toast} from './dialog.js';
import {pageHead, table, ask} from './parts.js';
import {field} from './login.js';

/* The list is the program's: its codes stand in decisions for good. */
function reasonTable(list) {
  return h('section', {class: 'card'}, h('h2', {}, t('policy.reasons')), h('p', {class: 'note'}, t('policy.reasonsNote')),
    table(t('policy.reasons'), [[t('settings.key'), (r) => list.indexOf(r) + 1], [t('policy.reasonCode'), (r) => h('code', {}, r.code)],
      [t('policy.reasonZh'), (r) => r.zh], [t('policy.reasonEn'), (r) => r.en]], list));
}

function show(policy) {
  const severity = field(t('policy.severity'), {type: 'number', min: 0, max: 9, step: 1, value: policy.second_severity}, t('policy.severityNote'));
  const fresh = h('input', {type: 'checkbox', checked: policy.second_new_publisher});
  const random = field(t('policy.random'), {type: 'number', min: 0, max: 100, step: 1, value: policy.second_random_percent}, t('policy.randomNote'));
  const bound = field(t('policy.bound'), {type: 'number', min: 0, max: 1, step: 0.01, value: policy.precision_bound}, t('policy.boundNote'));
  const session = field(t('policy.session'), {type: 'number', min: 1, max: 24, step: 1, value: policy.session_hours});
  const says = h('p', {class: 'says', role: 'alert'});
  const mine = may('administrator');
  const form = h('form', {class: 'policy', on: {submit: async (event) => {
    event.preventDefault();
    says.textContent = '';
    try {
      await put('/policy', {second_severity: Number(severity.input.value), second_new_publisher: fresh.checked,
        second_random_percent: Number(random.input.value), precision_bound: Number(bound.input.value),
        session_hours: Number(session.input.value)});
      await loadSession();
      toast(t('policy.saved'), {kind: 'good'});
    } catch (error) {
      says.textContent = t('error.failed', {why: error.message});
    }
  }}}, h('fieldset', {disabled: !mine}, h('legend', {class: 'unseen'}, t('nav.policy')),
    h('section', {class: 'card'}, h('h2', {}, t('policy.second')), severity.node,
      h('label', {class: 'check'}, fresh, t('policy.newPublisher')), random.node),
    h('section', {class: 'card'}, h('h2', {}, t('policy.other')), bound.node, session.node)),
  says, mine ? h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('dialog.save'))) : h('p', {class: 'note'}, t('policy.readOnly')));
  return [form, reasonTable(policy.reasons ?? [])];
}

export function policyPage(main) {
  const stop = new AbortController();
  const place = h('div', {});
  main.className = 'page narrow';
  main.append(pageHead(t('nav.policy'), t('policy.note')), place);
  ask(place, () => get('/policy', {signal: stop.signal}), show);
  return {leave: () => stop.abort()};
}
