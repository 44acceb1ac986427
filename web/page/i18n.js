// The page's own words. t() is only called with a literal, so that a test can
// hold the catalogues against the code; codes of the API become words through
// the tables of terms.js.
import zh from './zh.js';
import en from './en.js';
import {prefs, setPref} from './prefs.js';

const CATALOGUES = {zh, en};

export const lang = () => (prefs.lang === 'en' ? 'en' : 'zh');

export function setLang(code) {
  setPref('lang', code);
  document.documentElement.lang = code === 'en' ? 'en' : 'zh-CN';
}

/* {name} in the text is replaced by values.name. */
export function t(key, values) {
  const text = CATALOGUES[lang()][key];
  if (text === undefined) throw new Error(`no text "${key}"`);
  return values ? text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? '')) : text;
}

const locale = () => (lang() === 'en' ? 'en-GB' : 'zh-CN');
const ZONE = 'Asia/Shanghai';

export const number = (n) => new Intl.NumberFormat(locale()).format(n);
export const percent = (x, digits = 0) => (x === null || x === undefined ? '—'
  : new Intl.NumberFormat(locale(), {style: 'percent', maximumFractionDigits: digits}).format(x));
export const decimal = (x, digits = 2) => (x === null || x === undefined ? '—'
  : Number(x).toFixed(digits));

function format(text, options) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text ?? '—')
    : new Intl.DateTimeFormat(locale(), {timeZone: ZONE, ...options}).format(date);
}

/* Beijing time, as the office writes it. */
export const dateTime = (text) => format(text, {year: 'numeric', month: '2-digit',
  day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false});
export const day = (text) => format(text, {year: 'numeric', month: '2-digit', day: '2-digit'});
export const shortDay = (text) => format(text, {month: '2-digit', day: '2-digit'});

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];
export function bytes(n) {
  let unit = 0;
  for (; n >= 1024 && unit < UNITS.length - 1; unit++) n /= 1024;
  return `${unit ? n.toFixed(1) : n} ${UNITS[unit]}`;
}

/* A length of time in hours, as a short text. */
export function hours(n) {
  if (n === null || n === undefined) return '—';
  if (n * 60 < 0.5) return t('time.atOnce');
  if (n < 1) return t('time.minutes', {n: Math.round(n * 60)});
  if (n < 48) return t('time.hours', {n: Math.round(n * 10) / 10});
  return t('time.days', {n: Math.round(n / 2.4) / 10});
}
