// What several pages are made of: a head, a table, a page that is asked for.
import {h, button, icon} from './dom.js';
import {t} from './i18n.js';

export function pageHead(title, note, ...tools) {
  return h('div', {class: 'page-head'}, h('div', {}, h('h1', {}, title), note ? h('p', {class: 'note'}, note) : null),
    h('div', {class: 'page-tools'}, tools));
}

/* columns: [words, cell of a row, class]; the first cell is the row's head.
 * idle(row): it tells nothing, and is left out on paper. */
export function table(caption, columns, rows, {seen = false, idle = () => false} = {}) {
  return h('div', {class: 'table-box', tabindex: 0, role: 'region', 'aria-label': caption}, h('table', {class: 'table'},
    h('caption', {class: seen ? '' : 'unseen'}, caption),
    h('thead', {}, h('tr', {}, columns.map(([words, , kind]) => h('th', {scope: 'col', class: kind}, words)))),
    h('tbody', {}, rows.length ? rows.map((row) => h('tr', {class: idle(row) ? 'idle' : null}, columns.map(([words, cell, kind], i) => h(i ? 'td' : 'th',
      {scope: i ? null : 'row', class: kind, data: {head: words}}, cell(row))))) : h('tr', {}, h('td', {colspan: columns.length, class: 'empty'}, t('table.empty'))))));
}

/* Shows what is asked for, or why it is not there, with a way to ask again. */
export async function ask(place, wanted, show) {
  place.replaceChildren(h('p', {class: 'empty', role: 'status'}, t('queue.loading')));
  try {
    const got = await wanted();
    place.replaceChildren(...[show(got)].flat(Infinity).filter(Boolean));
  } catch (error) {
    if (error.name === 'AbortError') return;
    place.replaceChildren(h('div', {class: 'empty'}, icon('warn'), h('p', {}, t('error.failed', {why: error.message})),
      button(t('error.again'), () => ask(place, wanted, show))));
  }
}
