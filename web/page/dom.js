// Builds DOM. Texts, whoever wrote them, only ever become text nodes and
// attribute values; there is no way in here to hand over markup.

const SVG = 'http://www.w3.org/2000/svg';

/* Attributes through which a text could become code, a style or a way out. */
const REFUSED = /^(on|style$|srcdoc$|formaction$)/;

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === 'on') {
    for (const [type, heard] of Object.entries(value))
      node.addEventListener(type, heard);
  } else if (name === 'data') {
    Object.assign(node.dataset, value);
  } else if (name === 'value') {
    node.value = value;
  } else if (REFUSED.test(name)) {
    throw new Error(`attribute "${name}" is not set by h()`);
  } else if (name === 'href' && !/^(\/(?!\/)|#)/.test(value)) {
    throw new Error('links lead to this page only');
  } else {
    node.setAttribute(name, value === true ? '' : value);
  }
}

function fill(node, children) {
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== false)
      node.append(child);
  return node;
}

/* h('p', {class: 'note'}, 'text', node, [nodes]); null and false are left
 * out. `on` holds listeners, `data` the data- attributes. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {}))
    if (name !== 'value') put(node, name, value);
  fill(node, children);
  if (props && 'value' in props) put(node, 'value', props.value);
  return node;
}

export function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props ?? {}))
    put(node, name, value);
  return fill(node, children);
}

/* One stroke each, on a square of 24. */
const ICONS = {
  queue: 'M4 6h16M4 12h16M4 18h10',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  chart: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
  scales: 'M12 3v18M5 7h14M5 7l-3 7h6zM19 7l-3 7h6zM8 21h8',
  chain: 'M9 15l6-6M8 12l-3 3a4 4 0 0 0 5 5l3-3M16 12l3-3a4 4 0 0 0-5-5l-3 3',
  users: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21a7 7 0 0 1 14 0M17 4a4 4 0 0 1 0 7M22 21a7 7 0 0 0-4-6',
  rules: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  half: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 7l5-2M12 12h9M12 17l5 2',
  check: 'M4 12l5 6L20 6',
  cross: 'M6 6l12 12M18 6L6 18',
  up: 'M12 20V5M5 12l7-7 7 7',
  skip: 'M5 5l8 7-8 7zM18 5v14',
  undo: 'M4 9h10a6 6 0 0 1 0 12H9M4 9l5-5M4 9l5 5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  filter: 'M3 5h18l-7 8v6l-4 2v-8z',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M5 19l3-3M16 8l3-3',
  help: 'M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 2',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  group: 'M8 4h12v12M4 8h12v12H4z',
  save: 'M6 3h12v18l-6-5-6 5z',
  out: 'M12 4v11M7 10l5 5 5-5M4 20h16',
  comment: 'M4 5h16v11H10l-5 4v-4H4z',
  note: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7v.5',
  warn: 'M12 3L2 20h20zM12 10v5M12 17.5v.5',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  pen: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  menu: 'M4 6h16M4 12h16M4 18h16',
  copy: 'M9 9h11v11H9zM5 15V4h11',
};

export function icon(name) {
  return svg('svg', {class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true'},
    svg('path', {d: ICONS[name]}));
}

let last = 0;
/* An id that no other element has. */
export const uid = (word) => `${word}-${++last}`;

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/* Sets or takes away aria-current: empty, it would say false. */
export function setCurrent(node, is) {
  if (is) node.setAttribute('aria-current', 'true');
  else node.removeAttribute('aria-current');
}

/* Puts children in place of what is there; focus stays on the element with
 * the same data-key, where there is one. */
export function replace(node, ...children) {
  const focused = node.contains(document.activeElement)
    ? document.activeElement.closest('[data-key]')?.dataset.key : null;
  const scrolled = node.scrollTop;
  node.replaceChildren(...children.flat(Infinity).filter((c) => c));
  node.scrollTop = scrolled;
  if (focused)
    $(`[data-key="${CSS.escape(focused)}"]`, node)?.focus({preventScroll: true});
}

/* A button. label is its name; options: icon, key (its letter, printed),
 * kind (class), and further attributes. */
export function button(label, press, {icon: sign, key, kind = '', bare = false, ...props} = {}) {
  return h('button', {type: 'button', class: `btn ${kind}${bare ? ' bare' : ''}`,
    'aria-label': bare ? label : null, title: bare ? label : null,
    'aria-keyshortcuts': key ?? null, on: {click: press}, ...props},
  sign ? icon(sign) : null, bare ? null : h('span', {}, label),
  key ? h('kbd', {'aria-hidden': 'true'}, key) : null);
}
