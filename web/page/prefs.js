// What this browser remembers: language, theme, keys, saved views. Nothing of
// a finding is kept here.

const NAME = 'adwatch';
const DEFAULTS = {lang: null, theme: 'auto', keysOn: true, keys: {}, views: []};

function load() {
  try {
    return {...DEFAULTS, ...JSON.parse(localStorage.getItem(NAME) ?? '{}')};
  } catch {
    return {...DEFAULTS};
  }
}

export const prefs = load();

export function setPref(name, value) {
  prefs[name] = value;
  try {
    localStorage.setItem(NAME, JSON.stringify(prefs));
  } catch { /* a full or forbidden storage: it holds until the page is left */ }
}

const dark = matchMedia('(prefers-color-scheme: dark)');

export function applyTheme() {
  const theme = prefs.theme === 'auto' ? (dark.matches ? 'dark' : 'light') : prefs.theme;
  document.documentElement.dataset.theme = theme;
}
dark.addEventListener('change', applyTheme);

/* Texts begun and not sent, by a name; they outlive a reload of the tab. */
export const drafts = {
  get: (name) => sessionStorage.getItem(`draft:${name}`) ?? '',
  set(name, text) {
    if (text) sessionStorage.setItem(`draft:${name}`, text);
    else sessionStorage.removeItem(`draft:${name}`);
  },
};
