// replay.mjs - pages of a WACZ as ReplayWeb.page (npm replaywebpage) shows them
// in Chromium, a JSON line for each; pictures go to OUT/1.png, 2.png ...
//   node replay.mjs OUT WACZ URL...
//   PAGE=SCRIPT: an expression whose value is told as "asked"
// The browser knows no name of a host: what a page wants from elsewhere than
// from the WACZ is told in "outside", and nobody answers it.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [out, wacz, ...urls] = process.argv.slice(2);
const player = new URL('node_modules/replaywebpage', import.meta.url).pathname;
const SECONDS = Number(process.env.REPLAY_SECONDS ?? 120);

// ---- what an office would put on a server of its own ------------------------

const page = (url) => `<!doctype html><meta charset="utf-8"><title>replay</title>
<script src="/ui.js"></script><style>html, body { height: 100%; margin: 0 }</style>
<replay-web-page source="/capture.wacz" url="${encodeURI(url).replaceAll('"', '%22').replaceAll('&', '&amp;')}"
  replayBase="/replay/" embed="replayonly"></replay-web-page>`;

function sendFile(request, reply, path, type) {
    const size = statSync(path).size;
    const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
    const head = { 'Content-Type': type, 'Accept-Ranges': 'bytes' };
    if (!range) {
        reply.writeHead(200, { ...head, 'Content-Length': size });
        return request.method === 'HEAD' ? reply.end() : createReadStream(path).pipe(reply);
    }
    const start = range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]);
    const end = range[1] !== '' && range[2] !== '' ? Math.min(Number(range[2]), size - 1) : size - 1;
    if (start >= size)
        return reply.writeHead(416).end();
    reply.writeHead(206, { ...head, 'Content-Length': end - start + 1,
        'Content-Range': `bytes ${start}-${end}/${size}` });
    return createReadStream(path, { start, end }).pipe(reply);
}

const files = {
    '/ui.js': [join(player, 'ui.js'), 'text/javascript'],
    '/replay/sw.js': [join(player, 'sw.js'), 'text/javascript'],
    '/capture.wacz': [wacz, 'application/wacz+zip'],
};
const server = createServer((request, reply) => {
    const url = new URL(request.url, 'http://x');
    const file = files[url.pathname];
    if (file)
        return sendFile(request, reply, ...file);
    reply.writeHead(/^.(page|wake)$/.test(url.pathname) ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
    return reply.end(url.pathname === '/page' ? page(urls[Number(url.searchParams.get('n'))]) : '');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

// ---- looking -----------------------------------------------------------------

// A replayed URL is .../w/COLLECTION/TIMEkind_/URL; the kind of a page is mp.
const replayed = (url, kind = '[a-z]{2}') =>
    new RegExp(`^[^?#]*/w/[^?#]*?/\\d*${kind}_/(.*)$`, 's').exec(url)?.[1];

// In the page: all of it is there, fonts, pictures and frames too.
const isWhole = () => document.fonts.ready.then(() => document.readyState === 'complete' &&
    document.body !== null && [...document.images].every((i) => i.complete) &&
    [...document.querySelectorAll('iframe')].every((f) =>
        f.contentDocument?.readyState === 'complete' && f.contentDocument.URL !== 'about:blank'));

// The frame in which the page itself is shown, once it stays whole.
async function shownFrame(tab, url) {
    const end = Date.now() + SECONDS * 1000;
    let whole = 0;
    while (Date.now() < end) {
        const frame = tab.frames().find((f) => replayed(f.url(), 'mp'));
        whole = frame && await frame.evaluate(isWhole).catch(() => false) ? whole + 1 : 0;
        if (whole === 3)
            return frame;
        await new Promise((wake) => setTimeout(wake, 200));
    }
    throw new Error(`${url} is not shown within ${SECONDS} s: ${tab.frames().map((f) => f.url())}`);
}

const look = () => ({
    title: document.title,
    charset: document.characterSet,
    text: document.body.innerText,
    images: [...document.images].map((i) => ({ src: i.getAttribute('src'), alt: i.alt,
        width: i.naturalWidth, shown: i.complete && i.naturalWidth > 0 })),
    sheets: [...document.styleSheets].map((s) => {
        try {
            return s.cssRules.length;
        } catch {
            return -1;
        }
    }),
    fonts: [...document.fonts].map((f) => ({ family: f.family, status: f.status })),
});

// The player gives its service worker 300 ms to come up, then gives up.
async function wake(context) {
    const tab = await context.newPage();
    await tab.goto(`${origin}/wake`);
    await tab.evaluate(async () => {
        const { installing, waiting, active } = await navigator.serviceWorker.register(
            '/replay/sw.js?serveIndex=1', { scope: '/replay/' });
        const worker = installing ?? waiting ?? active;
        while (worker.state !== 'activated')
            await new Promise((done) => setTimeout(done, 20));
    });
    await tab.close();
}

async function replay(context, n) {
    const outside = [], missing = [], errors = [];
    const tab = await context.newPage();
    tab.on('request', (r) => new URL(r.url()).origin !== origin && r.url().startsWith('http') &&
        outside.push(r.url()));
    tab.on('response', (r) => r.status() >= 400 && replayed(r.url()) &&
        missing.push([r.status(), replayed(r.url())]));
    tab.on('pageerror', (e) => errors.push(String(e)));
    await tab.goto(`${origin}/page?n=${n}`);
    const frame = await shownFrame(tab, urls[n]);
    const line = { url: replayed(frame.url()), ...await frame.evaluate(look),
        asked: process.env.PAGE ? await frame.evaluate(process.env.PAGE) : null, outside, missing, errors };
    await tab.screenshot({ path: join(out, `${n + 1}.png`) });
    await tab.close();
    return line;
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });
try {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
    await wake(context);
    for (let n = 0; n < urls.length; n++)
        console.log(JSON.stringify(await replay(context, n)));
} finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
}
