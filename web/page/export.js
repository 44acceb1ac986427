// Taking findings out as a file: this page, the selection, or all that match.
import {h, button} from './dom.js';
import {t, number} from './i18n.js';
import {call} from './api.js';
import {dialog, actions, toast} from './dialog.js';
import {field} from './login.js';
import {apiQuery} from './filters.js';

const FORMATS = [['xlsx', () => t('export.xlsx')], ['csv', () => t('export.csv')], ['jsonl', () => t('export.jsonl')]];

const fileName = (reply, format) => /filename="?([^";]+)"?/.exec(reply.headers.get('Content-Disposition') ?? '')?.[1]
  ?? `adwatch.${format}`;

function keepFile(blob, name) {
  const link = h('a', {download: name});
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const SCOPES = {
  page: (desk) => ({scope: 'ids', ids: desk.items.map((row) => row.id)}),
  selection: (desk) => ({scope: 'ids', ids: [...desk.selected.keys()]}),
  all: (desk) => ({scope: 'all', filter: apiQuery(desk.query).toString(), expected: desk.total.findings}),
};

function scopes(desk) {
  const list = [['page', t('export.page', {n: number(desk.items.length)}), desk.items.length],
    ['selection', t('export.selection', {n: number(desk.selected.size)}), desk.selected.size],
    ['all', t('export.all', {n: number(desk.total.findings)}), desk.total.findings]];
  const chosen = desk.selected.size ? 'selection' : 'page';
  return h('fieldset', {class: 'reasons'}, h('legend', {}, t('export.scope')), list.map(([value, words, n]) => h('label', {class: 'check'},
    h('input', {type: 'radio', name: 'scope', value, checked: value === chosen, disabled: !n}), words)));
}

export function exportDialog(desk) {
  return dialog(t('export.title'), (close) => {
    const format = field(t('export.format'), {options: FORMATS.map(([code, words]) => [code, words()])});
    const says = h('p', {class: 'says', role: 'alert'});
    const send = h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('export.send')));
    const form = h('form', {on: {submit: async (event) => {
      event.preventDefault();
      const scope = new FormData(form).get('scope');
      send.disabled = true;
      says.textContent = t('export.making');
      try {
        const reply = await call('POST', '/exports', {format: format.input.value, ...SCOPES[scope](desk)});
        keepFile(await reply.blob(), fileName(reply, format.input.value));
        close();
        toast(t('export.done', {n: number(Number(reply.headers.get('X-Count') ?? 0))}), {kind: 'good'});
      } catch (error) {
        says.textContent = error.status === 409 ? t('export.changed', {why: error.message}) : t('error.failed', {why: error.message});
        send.disabled = false;
      }
    }}}, scopes(desk), format.node, h('p', {class: 'note'}, t('export.note')), says,
    actions(button(t('dialog.cancel'), () => close()), send));
    return form;
  });
}
