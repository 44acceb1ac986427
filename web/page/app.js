// Where the page begins: who is logged in, which part is shown, and the frame
// around it.
import {h, button, icon, $} from './dom.js';
import {t, lang, setLang, dateTime} from './i18n.js';
import {prefs, setPref, applyTheme} from './prefs.js';
import {session, loadSession, logOut, may, maySupervise, onOffline, onExpired} from './api.js';
import {startKeys, listen, helpDialog, settingsDialog} from './keys.js';
import {mountRegions, announce, failed} from './dialog.js';
import {loginPage, loginDialog, passwordDialog} from './login.js';
import {pending, onPending} from './decide.js';
import {role} from './terms.js';
import {onGo, go} from './nav.js';
import {deskPage, secondPage} from './desk.js';
import {dashboardPage} from './dashboard.js';
import {agreementPage} from './agreement.js';
import {auditPage} from './audit.js';
import {usersPage} from './users.js';
import {policyPage} from './policy.js';

/* path, its page, its place in the navigation: words, icon, who sees it */
const ROUTES = [
  {path: /^\/(?:finding\/(\d+))?$/, page: deskPage, href: '/', words: () => t('nav.queue'), icon: 'queue'},
  {path: /^\/second(?:\/(\d+))?$/, page: secondPage, href: '/second', words: () => t('nav.second'), icon: 'eye',
    sees: () => may('second_officer', 'supervisor')},
  {path: /^\/dashboard$/, page: dashboardPage, href: '/dashboard', words: () => t('nav.dashboard'), icon: 'chart'},
  {path: /^\/agreement$/, page: agreementPage, href: '/agreement', words: () => t('nav.agreement'), icon: 'scales',
    sees: () => may('supervisor', 'administrator', 'auditor')},
  {path: /^\/audit$/, page: auditPage, href: '/audit', words: () => t('nav.audit'), icon: 'chain',
    sees: () => may('supervisor', 'administrator', 'auditor')},
  {path: /^\/users$/, page: usersPage, href: '/users', words: () => t('nav.users'), icon: 'users', sees: maySupervise},
  {path: /^\/policy$/, page: policyPage, href: '/policy', words: () => t('nav.policy'), icon: 'rules',
    sees: () => may('administrator', 'supervisor', 'auditor')},
];

let shown = null; /* {route, page} */
const head = h('header', {class: 'top'});
const banner = h('div', {class: 'banner', role: 'status', hidden: true});
const main = h('main', {id: 'main', tabindex: -1});

function navLink(route) {
  return h('a', {href: route.href, 'aria-current': shown?.route === route ? 'page' : null},
    icon(route.icon), h('span', {}, route.words()));
}

const THEMES = ['auto', 'light', 'dark'];
const THEME_ICON = {auto: 'half', light: 'sun', dark: 'moon'};
const themeWords = (theme) => ({auto: t('theme.auto'), light: t('theme.light'), dark: t('theme.dark')})[theme];

function nextTheme() {
  setPref('theme', THEMES[(THEMES.indexOf(prefs.theme) + 1) % THEMES.length]);
  applyTheme();
  drawHead();
  announce(themeWords(prefs.theme));
}

function switchLang() {
  setLang(lang() === 'zh' ? 'en' : 'zh');
  route({anew: true});
}

async function leave() {
  try {
    await logOut();
    location.assign('/login');
  } catch (error) {
    failed(error);
  }
}

function userMenu() {
  const {user} = session;
  const closing = (act) => (event) => { /* no menu stays open behind a dialog */
    event.currentTarget.closest('details').open = false;
    act();
  };
  return h('details', {class: 'menu user'},
    h('summary', {}, h('span', {class: 'who'}, user.name),
      h('span', {class: 'role'}, role(user.role))),
    h('div', {class: 'menu-body'},
      h('dl', {class: 'pairs'}, h('dt', {}, t('user.role')), h('dd', {}, role(user.role)),
        h('dt', {}, t('user.place')), h('dd', {}, user.place || t('user.everywhere')),
        user.certificate ? [h('dt', {}, t('user.certificate')), h('dd', {}, user.certificate)] : null,
        session.office ? [h('dt', {}, t('user.office')), h('dd', {}, session.office)] : null,
        h('dt', {}, t('user.version')), h('dd', {}, session.version || '—')),
      button(t('settings.title'), closing(() => settingsDialog(() => route({anew: true}))), {icon: 'gear'}),
      button(t('user.password'), closing(passwordDialog), {icon: 'lock'}),
      button(t('user.logout'), leave, {icon: 'out'})));
}

function drawHead() {
  head.replaceChildren(
    h('a', {class: 'skip-link', href: '#main'}, t('nav.skip')),
    h('a', {class: 'brand', href: '/'}, h('img', {src: '/assets/mark.svg', alt: '', width: 22, height: 22}),
      h('span', {}, 'adwatch'), h('span', {class: 'motto'}, t('app.motto'))),
    session.user ? h('nav', {class: 'nav', 'aria-label': t('nav.label')},
      ROUTES.filter((r) => !r.sees || r.sees()).map(navLink)) : h('span', {class: 'nav'}),
    h('div', {class: 'tools'},
      button(t('lang.switch'), switchLang, {kind: 'quiet', lang: lang() === 'zh' ? 'en' : 'zh-CN'}),
      button(themeWords(prefs.theme), nextTheme, {icon: THEME_ICON[prefs.theme], bare: true}),
      session.user ? button(t('key.help'), helpDialog, {icon: 'help', bare: true}) : null,
      session.user ? userMenu() : null));
}

async function route({anew = false} = {}) {
  const path = location.pathname;
  if (!session.user) return showLogin();
  const found = ROUTES.find((r) => r.path.test(path));
  if (!found) return go('/', {replace: true});
  const match = path.match(found.path);
  const query = new URLSearchParams(location.search);
  if (!anew && shown?.route === found && shown.page.update)
    return shown.page.update(match, query);
  const moved = shown?.route !== found;
  shown?.page.leave?.();
  listen({});
  shown = {route: found, page: {}};
  drawHead();
  document.title = `${found.words()} · adwatch`;
  main.className = '';
  main.replaceChildren();
  shown.page = found.page(main, match, query);
  listen({help: helpDialog, ...shown.page.acts});
  if (moved) main.focus({preventScroll: true});
}

function showLogin() {
  shown?.page.leave?.();
  shown = null;
  listen({});
  drawHead();
  document.title = `${t('login.title')} · adwatch`;
  const then = new URLSearchParams(location.search).get('then');
  main.className = 'login';
  main.replaceChildren(loginPage(() => go(then?.startsWith('/') && !then.startsWith('//') ? then : '/', {replace: true})));
}

function onClick(event) {
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(event.target)) menu.open = false;
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.target || link.pathname.startsWith('/assets/')) return;
  if (link.getAttribute('href').startsWith('#')) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

function onEscape(event) {
  if (event.key !== 'Escape') return;
  const menu = $('details.menu[open]');
  if (!menu) return;
  menu.open = false;
  $('summary', menu).focus();
}

const printFoot = h('footer', {class: 'print-foot'});

/* What is folded away on the screen is on the paper, and who printed it. */
function unfoldForPrint() {
  if (session.user) printFoot.textContent = t('print.foot', {who: session.user.name, at: dateTime(new Date().toISOString()), version: session.version ?? ''});
  for (const folded of document.querySelectorAll('main details:not([open], .raw)')) {
    folded.open = true;
    folded.dataset.printed = '';
  }
}
function foldAfterPrint() {
  for (const folded of document.querySelectorAll('main details[data-printed]')) {
    folded.open = false;
    delete folded.dataset.printed;
  }
}

function watchServer() {
  const words = h('span', {});
  const say = () => { words.textContent = pending() ? t('offline.pending', {n: pending()}) : t('offline.text'); };
  banner.append(icon('warn'), words);
  onPending(say);
  onOffline((away) => {
    say();
    banner.hidden = !away;
    if (!away) announce(t('offline.back'));
  });
  onExpired(() => (shown ? loginDialog() : new Promise(() => go('/login', {replace: true}))));
  addEventListener('beforeunload', (event) => { if (pending()) event.preventDefault(); });
}

async function start() {
  setLang(lang());
  applyTheme();
  document.body.append(head, banner, main, printFoot);
  mountRegions();
  startKeys();
  watchServer();
  onGo(route);
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onEscape);
  addEventListener('popstate', () => route());
  addEventListener('beforeprint', unfoldForPrint);
  addEventListener('afterprint', foldAfterPrint);
  drawHead();
  try {
    await loadSession();
  } catch (error) {
    if (error.status !== 401) throw error;
    if (location.pathname !== '/login')
      history.replaceState(null, '', `/login?then=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (session.user && location.pathname === '/login') history.replaceState(null, '', '/');
  route();
}

start();
