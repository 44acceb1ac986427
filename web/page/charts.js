// Charts as SVG. Each stands with the table that it draws, for those who read
// numbers and for paper. Colours are classes; each series differs by its dash
// or its pattern of lightness too. They are drawn anew for the width that they
// have, so that their words keep their size.
import {h, svg, uid} from './dom.js';
import {t, number} from './i18n.js';
import {table} from './parts.js';

/* A figure: heading, legend, drawing, and the table behind it. */
export function figure(title, drawing, columns, rows, {note, series, wide = false, idle} = {}) {
  const id = uid('figure');
  return h('figure', {class: `chart${wide ? ' wide' : ''}`, 'aria-labelledby': id},
    h('figcaption', {}, h('h2', {id}, title), note ? h('p', {class: 'note'}, note) : null),
    series ? h('ul', {class: 'legend'}, series.map(({words, kind}) => h('li', {}, svg('svg', {viewBox: '0 0 12 12', 'aria-hidden': 'true'},
      svg('rect', {width: 12, height: 12, rx: 2, class: `fill ${kind}`})), words))) : null,
    rows.length ? drawing : h('p', {class: 'empty'}, t('table.empty')),
    rows.length ? h('details', {class: 'behind'}, h('summary', {}, t('chart.table')), table(title, columns, rows, {idle})) : null);
}

const STEPS = [1, 2, 5];
/* A round number not below n. */
function roundUp(n) {
  for (let ten = 1; ; ten *= 10)
    for (const step of STEPS)
      if (step * ten >= n) return step * ten;
}

/* parts(width): what stands in a drawing that is so wide. */
function drawing(label, height, parts) {
  const place = h('div', {class: 'drawn'});
  let drawn = 0;
  const draw = (width) => {
    if (width < 1 || width === drawn) return;
    drawn = width;
    place.replaceChildren(svg('svg', {class: 'drawing', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label}, parts(width)));
  };
  draw(480); /* until its place is known */
  new ResizeObserver(([entry]) => draw(Math.round(entry.contentRect.width))).observe(place);
  return place;
}

const LEFT = 44;
const BOTTOM = 26;
const LABEL = 56; /* of a day, with its distance */

function yAxis(most, width, height) {
  const ticks = most <= 2 ? most : String(most)[0] === '2' ? 4 : 5; /* whole numbers */
  return Array.from({length: ticks + 1}, (_, i) => {
    const y = height - BOTTOM - (height - BOTTOM - 10) * (i / ticks);
    return [svg('line', {x1: LEFT, x2: width - 8, y1: y, y2: y, class: 'grid'}),
      svg('text', {x: LEFT - 8, y: y + 4, class: 'tick end'}, number(Math.round(most * i / ticks)))];
  });
}

/* points: [{label, values: {name: n}}]; series: [{name, words, kind}] */
export function lines(label, points, series) {
  const height = 250;
  const most = roundUp(Math.max(1, ...points.flatMap((p) => series.map((s) => p.values[s.name] ?? 0))));
  const y = (n) => height - BOTTOM - (height - BOTTOM - 10) * (n / most);
  return drawing(label, height, (width) => {
    const x = (i) => LEFT + (width - LEFT - 20) * (points.length > 1 ? i / (points.length - 1) : 0.5);
    const every = Math.ceil(points.length * LABEL / (width - LEFT));
    return [yAxis(most, width, height),
      points.map((p, i) => (i % every ? null : svg('text', {x: x(i), y: height - 8, class: 'tick middle'}, p.label))),
      series.map((s) => [svg('polyline', {class: `line ${s.kind}`, points: points.map((p, i) => `${x(i).toFixed(1)},${y(p.values[s.name] ?? 0).toFixed(1)}`).join(' ')}),
        points.map((p, i) => svg('circle', {class: `fill ${s.kind}`, cx: x(i), cy: y(p.values[s.name] ?? 0), r: points.length > 40 ? 1.5 : 2.5},
          svg('title', {}, `${p.label} ${s.words} ${p.values[s.name] ?? 0}`)))])];
  });
}

const ROW = 26;
const nameWidth = (width) => Math.min(150, Math.round(width * 0.34));

/* rows: [{name, values: {series: n}}], each a bar in parts. */
export function bars(label, rows, series) {
  const sum = (row) => series.reduce((total, s) => total + (row.values[s.name] ?? 0), 0);
  const most = Math.max(1, ...rows.map(sum));
  return drawing(label, rows.length * ROW + 4, (width) => rows.map((row, i) => {
    const name = nameWidth(width);
    let at = name;
    const scale = (width - name - 56) / most;
    return svg('g', {}, svg('text', {x: name - 8, y: i * ROW + 17, class: 'name end'}, shorten(row.name, name)),
      series.map((s) => {
        const size = (row.values[s.name] ?? 0) * scale;
        const bar = size ? svg('rect', {x: at, y: i * ROW + 5, width: Math.max(1, size - 1), height: 16, rx: 2, class: `fill ${s.kind}`},
          svg('title', {}, `${row.name} ${s.words} ${row.values[s.name]}`)) : null;
        at += size;
        return bar;
      }), svg('text', {x: at + 6, y: i * ROW + 17, class: 'tick'}, number(sum(row))));
  }));
}

/* What fits in front of a bar: a Chinese character is as wide as two others. */
function shorten(name, room) {
  let width = 0;
  let short = '';
  for (const char of name) {
    width += char > '\u2e80' ? 2 : 1.15;
    if (width > room / 6.5) return `${short}…`;
    short += char;
  }
  return name;
}

/* A share with the lower end of its interval, from 0 to 1, and a bound. */
export function intervals(label, rows, bound) {
  const height = rows.length * ROW + 26;
  return drawing(label, height, (width) => {
    const name = nameWidth(width);
    const x = (share) => name + (width - name - 104) * share;
    return [[0, 0.5, 1].filter((share) => !bound || Math.abs(share - bound) > 0.12).map((share) => svg('text', {x: x(share), y: height - 6, class: 'tick middle'}, `${share * 100}%`)),
      bound ? [svg('line', {x1: x(bound), x2: x(bound), y1: 0, y2: height - 20, class: 'bound'}),
        svg('text', {x: x(bound), y: height - 6, class: 'tick middle bound-text'}, `${Math.round(bound * 100)}%`)] : null,
      rows.map((row, i) => svg('g', {class: row.below ? 'below' : row.few ? 'few' : ''},
        svg('text', {x: name - 8, y: i * ROW + 17, class: 'name end'}, shorten(row.name, name)),
        svg('line', {x1: x(row.low), x2: x(row.share), y1: i * ROW + 13, y2: i * ROW + 13, class: 'interval'}),
        svg('circle', {cx: x(row.share), cy: i * ROW + 13, r: 5, class: row.below ? 'fill bad' : 'fill found'},
          svg('title', {}, `${row.name} ${Math.round(row.share * 100)}%`)),
        svg('text', {x: width - 92, y: i * ROW + 17, class: 'tick'}, `${Math.round(row.share * 100)}%${row.below ? ' ▼' : ''} ${row.told}`)))];
  });
}
