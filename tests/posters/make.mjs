// Renders the posters by Chromium:   make.mjs DIR [NAME...]
// DIR/NAME.EXT is the image, DIR/NAME.txt its text.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowser } from './pipe.mjs';
import { goldLines, isClean, readPosters } from './read.mjs';

const HERE = import.meta.dirname;
const CSS = readFileSync(join(HERE, 'looks.css'), 'utf8');
const WIDTH = 800;

// A generator of our own, so that each run makes the same noise.
function makeRandom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}

const seedOf = (name) => [...name].reduce((sum, c) => sum * 31 + c.codePointAt(0), 7) % 2 ** 31;

// Like a QR code, without being one.
function drawCode(random) {
    let cells = '';
    for (let y = 0; y < 21; y++)
        for (let x = 0; x < 21; x++)
            if (random() < 0.5)
                cells += `<rect x="${x}" y="${y}" width="1" height="1"/>`;
    for (const [x, y] of [[0, 0], [14, 0], [0, 14]])
        cells += `<rect x="${x}" y="${y}" width="7" height="7" fill="#fff"/><rect x="${x}" y="${y}" width="7" height="7"/><rect x="${x + 1}" y="${y + 1}" width="5" height="5" fill="#fff"/><rect x="${x + 2}" y="${y + 2}" width="3" height="3"/>`;
    return `<svg class="code" viewBox="-1 -1 23 23" style="background:#fff">${cells}</svg>`;
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const cells = (row) => row.split(' | ').map((cell) => `<td>${escape(cell)}</td>`).join('');
const DRAW = {
    '#': (text) => `<h1>${text}</h1>`,
    '##': (text) => `<h2>${text}</h2>`,
    '': (text) => `<p>${text}</p>`,
    '.': (text) => `<small>${text}</small>`,
    '!': (text) => `<div class="stamp">${text}</div>`,
    '-': (text) => `<li>${text}</li>`,
    '|': (text) => `<tr>${cells(text)}</tr>`,
    '<': (text) => `<div>${text}</div>`,
};
const AROUND = { '-': ['<ul>', '</ul>'], '|': ['<table>', '</table>'], '<': ['<div class="couplets">', '</div>'] };

// Couplets are read from right to left.
function drawParts(parts) {
    let html = '';
    for (let i = 0; i < parts.length;) {
        const mark = parts[i][0];
        const run = [];
        for (; i < parts.length && parts[i][0] === mark; i++)
            run.push(DRAW[mark](mark === '|' ? parts[i][1] : escape(parts[i][1])));
        if (mark === '<')
            run.reverse();
        const [open, close] = AROUND[mark] ?? ['', ''];
        html += open + run.join('') + close;
    }
    return html;
}

const GRAIN = (strength) => `<svg style="position:absolute;inset:0;width:100%;height:100%;mix-blend-mode:overlay;opacity:${strength}"><filter id="g"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="3"/><feColorMatrix type="saturate" values="0"/></filter><rect width="100%" height="100%" filter="url(#g)"/></svg>`;
const LIGHT = '<div style="position:absolute;inset:0;background:linear-gradient(115deg,#fff3,#0000 35%,#0007)"></div>';
const plain = (format, quality) => ({ main: '', over: '', format, quality });
const turned = (degrees) => ({ main: `transform:rotate(${degrees}deg)`, over: '', format: 'jpeg', quality: 85, turn: true });

// What happens to a poster on its way to us; index counts those of its kind.
function wayOf(way, index) {
    const tilt = /^tilt(\d+)$/.exec(way);
    if (tilt)
        return { main: `transform:rotate(${index % 2 ? tilt[1] : -tilt[1]}deg) scale(.82)`, over: '', format: 'jpeg', quality: 85 };
    return {
        clean: [plain('png'), plain('webp', 90), plain('jpeg', 92), plain('png'), plain('png')][index % 5],
        pdf: plain('pdf'),
        photo: { main: 'transform:rotate(2.5deg) scale(.92);filter:blur(.9px)', over: LIGHT + GRAIN(0.45), format: 'jpeg', quality: 40 },
        noise: { main: '', over: GRAIN(0.8), format: 'jpeg', quality: 60 },
        jpeg: { main: 'filter:blur(.6px)', over: '', format: 'jpeg', quality: 20 },
        persp: { main: 'transform:perspective(1500px) rotateY(16deg) rotateX(7deg) scale(.9)', over: LIGHT + GRAIN(0.3), format: 'jpeg', quality: 50 },
        rot90: turned(90),
        rot180: turned(180),
    }[way];
}

function drawPage(poster, way) {
    const random = makeRandom(seedOf(poster.name));
    const code = random() < 0.4 ? drawCode(random) : '';
    return `<!doctype html><meta charset="utf-8"><style>${CSS}@page{size:800px 1060px;margin:0}</style>
<body><div style="position:relative"><main class="${poster.look}" style="${way.main}">${drawParts(poster.parts)}${code}</main>${way.over}</div>`;
}

const PDF_SIDES = { paperWidth: 800 / 96, paperHeight: 1060 / 96, printBackground: true, marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0 };

async function sizeOf(browser) {
    const { result } = await browser.call('Runtime.evaluate', {
        expression: "document.fonts.ready.then(() => document.querySelector('main').offsetHeight)", awaitPromise: true });
    return result.value;
}

async function shoot(browser, way) {
    const height = await sizeOf(browser);
    if (way.format === 'pdf')
        return (await browser.call('Page.printToPDF', PDF_SIDES)).data;
    const side = Math.max(WIDTH, height);
    const clip = way.turn ? { x: 0, y: 0, width: side, height: side } : { x: 0, y: 0, width: WIDTH, height };
    if (way.turn)
        await browser.call('Runtime.evaluate', { expression:
            `document.body.style.width='${side}px';document.body.firstChild.style.width='${WIDTH}px';document.querySelector('main').style.margin='${(side - height) / 2}px ${(side - WIDTH) / 2}px'` });
    return (await browser.call('Page.captureScreenshot', {
        format: way.format, quality: way.quality, captureBeyondViewport: true, clip: { ...clip, scale: 1 } })).data;
}

async function makeOne(browser, poster, index, dir) {
    const way = wayOf(poster.way, index);
    const page = join(dir, poster.name + '.html');
    writeFileSync(page, drawPage(poster, way));
    const loaded = browser.once('Page.loadEventFired');
    await browser.call('Page.navigate', { url: 'file://' + page });
    await loaded;
    const image = Buffer.from(await shoot(browser, way), 'base64');
    writeFileSync(join(dir, `${poster.name}.${way.format}`), image);
    writeFileSync(join(dir, poster.name + '.txt'), goldLines(poster).join('\n') + '\n');
}

async function main(dir, names) {
    const posters = readPosters(join(HERE, 'posters.txt'));
    const browser = await startBrowser();
    mkdirSync(dir, { recursive: true });
    try {
        await browser.call('Page.enable');
        await browser.call('Emulation.setDeviceMetricsOverride', { width: WIDTH, height: 1060, deviceScaleFactor: 1, mobile: false });
        const counts = { clean: 0, other: 0 };
        for (const poster of posters) {
            const index = counts[isClean(poster) ? 'clean' : 'other']++;
            if (names.length === 0 || names.includes(poster.name))
                await makeOne(browser, poster, index, dir);
        }
    } finally {
        await browser.close();
    }
}

const [dir, ...names] = process.argv.slice(2);
await main(dir.startsWith('/') ? dir : join(process.cwd(), dir), names);
