// The JSON API. A call that cannot reach the server is made again until it
// can; one whose session has ended waits for a new login and goes on; so what
// was typed is never lost. A decision carries a key of its own, by which the
// server knows it when it comes a second time.

export const session = {user: null, csrf: '', policy: null, office: '', version: '',
  captureOrigin: ''};

const listeners = {offline: [], expired: null};

/* heard(true) when the server cannot be reached, heard(false) when it can. */
export const onOffline = (heard) => listeners.offline.push(heard);
/* asked() gives a promise that is kept once somebody has logged in again. */
export const onExpired = (asked) => { listeners.expired = asked; };

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = body?.error?.code ?? '';
    this.body = body ?? {};
  }
}

let offline = false;
function setOffline(is) {
  if (is === offline) return;
  offline = is;
  for (const heard of listeners.offline) heard(is);
}

const wait = (ms, signal) => new Promise((done, fail) => {
  const timer = setTimeout(done, ms);
  signal?.addEventListener('abort', () => {
    clearTimeout(timer);
    fail(signal.reason);
  }, {once: true});
});

const RETRY_MS = [500, 1000, 2000, 4000, 8000]; /* then the last, for ever */
const AWAY = new Set([502, 503, 504]);

async function reach(path, options) {
  for (let turn = 0; ; turn++) {
    try {
      const reply = await fetch(path, options);
      if (!AWAY.has(reply.status)) {
        setOffline(false);
        return reply;
      }
    } catch (error) {
      if (options.signal?.aborted) throw error;
    }
    setOffline(true);
    await wait(RETRY_MS[Math.min(turn, RETRY_MS.length - 1)], options.signal);
  }
}

let login = null; /* the one that is awaited */
function loginAgain() {
  login ??= listeners.expired().finally(() => { login = null; });
  return login;
}

async function readBody(reply) {
  try {
    return await reply.json();
  } catch {
    return null;
  }
}

function headersOf(method, body, key) {
  const headers = {Accept: 'application/json'};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF-Token'] = session.csrf;
  if (key) headers['Idempotency-Key'] = key;
  return headers;
}

/* The reply itself; throws ApiError where its status is no success. */
export async function call(method, path, body, {signal, key, quiet = false} = {}) {
  for (let fresh = false; ;) {
    const reply = await reach(`/api/v1${path}`, {method, signal, redirect: 'error',
      credentials: 'same-origin', cache: 'no-store', headers: headersOf(method, body, key),
      body: body === undefined ? undefined : JSON.stringify(body)});
    if (reply.ok) return reply;
    const told = await readBody(reply);
    if (reply.status === 401 && !quiet) {
      await loginAgain();
    } else if (reply.status === 403 && method !== 'GET' && !fresh && !quiet) {
      fresh = true; /* another tab may have logged in: the token is new */
      await loadSession();
    } else {
      throw Object.assign(new ApiError(reply.status, told),
        {after: Number(reply.headers.get('Retry-After')) || 0});
    }
  }
}

async function json(method, path, body, options) {
  const reply = await call(method, path, body, options);
  return reply.status === 204 ? {} : (await readBody(reply)) ?? {};
}

export const get = (path, options) => json('GET', path, undefined, options);
export const post = (path, body = {}, options) => json('POST', path, body, options);
export const put = (path, body, options) => json('PUT', path, body, options);
export const patch = (path, body, options) => json('PATCH', path, body, options);
export const remove = (path, options) => json('DELETE', path, undefined, options);

export function newKey() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return [...random].map((b) => b.toString(16).padStart(2, '0')).join('');
}

function keep(told) {
  session.user = told.user;
  session.csrf = told.csrf;
  for (const [name, member] of [['policy', 'policy'], ['office', 'office'],
    ['version', 'version'], ['captureOrigin', 'capture_origin']])
    if (member in told) session[name] = told[member];
}

/* Asks who is logged in; throws an ApiError of status 401: nobody. */
export async function loadSession() {
  keep(await get('/session', {quiet: true}));
}

export async function logIn(name, password) {
  keep(await post('/login', {name, password}, {quiet: true}));
  await loadSession();
}

export async function logOut() {
  await post('/logout', {}, {quiet: true});
  session.user = null;
}

/* May whoever is logged in do what these roles may? */
export const may = (...roles) => roles.includes(session.user?.role);
export const mayDecide = () => may('reviewer', 'second_officer', 'supervisor');
export const maySupervise = () => may('supervisor', 'administrator');
