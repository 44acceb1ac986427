// Every vector of a list in every field of a finding: nothing runs, nothing
// is fetched from outside, nothing breaks.
import { becomes, check, finish, same } from './check.mjs';
import { Client, Desk, enterPage, openBrowser, sql } from './desk.mjs';

const VECTORS = [
    '<script>window.__hit=1</script>',
    '"><img src=x onerror="window.__hit=1">',
    "'><svg onload=window.__hit=1>",
    'javascript:window.__hit=1',
    '<iframe srcdoc="<script>parent.__hit=1</script>"></iframe>',
    '<a href="javascript:window.__hit=1" id=x>点击</a>',
    '{{constructor.constructor("window.__hit=1")()}}',
    '${window.__hit=1}',
    '</title></textarea></style></script><script>window.__hit=1</script>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.__hit=1&gt;">',
    '<base href="http://evil.example/"><link rel=stylesheet href=//evil.example/x.css>',
    '<meta http-equiv=refresh content="0;url=http://evil.example/">',
    '<form action=http://evil.example><input name=password autofocus onfocus=window.__hit=1>',
    '\\u003cscript\\u003ewindow.__hit=1\\u003c/script\\u003e',
    '&lt;script&gt;window.__hit=1&lt;/script&gt;',
    '\u202Emoc.elpmaxe\u2066//:ptth\u202C 保本\u200B\u200D\uFEFF保息',
    `保${'\u0301'.repeat(200)}本${'\u0489'.repeat(200)}`,
    'W'.repeat(20000),
    '保'.repeat(20000),
    '\u0000\u0007\u001b[31m\u0085\u2028\u2029\uFFFE',
];
// Every text that a finding shows, by table.
const FIELDS = {
    finding: ['title', 'url', 'host', 'source', 'channel', 'doc_kind', 'gone_why', 'lexicon_hash', 'tool'],
    claim: ['class', 'quote', 'before', 'after', 'rule', 'rule_version', 'code'],
    capture: ['title', 'mime', 'ip', 'protocol', 'charset', 'charset_why', 'tls_organisation', 'reader'],
    comment: ['text', 'who'],
    decision: ['reason', 'who', 'code', 'class'],
    publisher: ['name', 'key'],
    hand_in: ['place', 'who', 'note', 'file', 'name', 'reading'],
};

const desk = new Desk('hostile');
await desk.start();
const browser = await openBrowser();
try {
    // Sorted before they are spoilt: so that each has a publisher.
    const wang = await Client.enter(desk, 'wang-yangli');
    const { items } = await wang.get(`/findings?flat=1&limit=${VECTORS.length}`);
    same(items.length, VECTORS.length);
    await check('the store takes every vector', () => {
        for (const [i, { id }] of items.entries()) {
            const text = VECTORS[i].replaceAll('\u0000', '');
            const set = (table, where) => {
                const columns = FIELDS[table].filter((column) => !(column === 'url' && table === 'finding' && i >= 15));
                sql(desk.ws, `UPDATE ${table} SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE ${where}`,
                    ...columns.map(() => text), id);
            };
            sql(desk.ws, "INSERT INTO comment (finding, at_ms, who, text) VALUES (?, 1700000000000, 'x', 'x')", id);
            sql(desk.ws, `UPDATE finding SET parties = ?, gone_ms = 1700000000000 WHERE id = ?`,
                JSON.stringify({ companies: [text], phones: [text], icp: [text], addresses: [text], [text]: [text] }), id);
            sql(desk.ws, 'UPDATE claim SET why = ?, law = ? WHERE finding = ?',
                JSON.stringify([text]), JSON.stringify([text]), id);
            set('finding', 'id = ?');
            set('claim', 'finding = ?');
            set('comment', 'finding = ?');
            set('capture', 'id IN (SELECT last_capture FROM finding WHERE id = ?)');
            set('publisher', 'id IN (SELECT publisher FROM sorted WHERE finding = ?)');
            set('hand_in', 'capture IN (SELECT last_capture FROM finding WHERE id = ?)');
        }
    });
    const page = await enterPage(browser, desk, 'wang-yangli');
    const untouched = async (what) => {
        same([what, await page.evaluate(() => window.__hit ?? null), page.wrongs, page.outside], [what, null, [], []]);
        same([what, new URL(page.url()).origin], [what, desk.origin]);
    };
    for (const [i, { id }] of items.entries())
        await check(`vector ${i + 1}: ${JSON.stringify(VECTORS[i].slice(0, 40))}`, async () => {
            await page.goto(`${desk.origin}/finding/${id}?flat=1`);
            await becomes('it is shown', async () => (await page.locator('.finding .number').innerText()) === `#${id}`);
            for (let view = 0; view < 5; view++) {
                await page.keyboard.press('v');
                await page.waitForTimeout(60);
            }
            await untouched('the finding');
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            same(['no wider than the screen', wide <= 0], ['no wider than the screen', true]);
            // What was put in stands there as text, if at all.
            const nodes = await page.evaluate(() => document.querySelectorAll(
                'main script, main iframe:not([sandbox]), main base, main meta, main form[action], main [onerror], main [onload], main a[href^=javascript]').length);
            same(nodes, 0);
        });
    await check('the list and the search with them', async () => {
        for (const query of ['?flat=1', '?flat=1&state=all', `?q=${encodeURIComponent(VECTORS[0])}`,
            `?host=${encodeURIComponent(VECTORS[1])}`, `?channel=${encodeURIComponent(VECTORS[2])}`]) {
            await page.goto(`${desk.origin}/${query}`);
            await page.locator('.rows').waitFor();
            await page.waitForTimeout(150);
            await untouched(query);
        }
    });
    await check('what a person writes is shown as they wrote it', async () => {
        const [clean] = sql(desk.ws, "SELECT id FROM finding WHERE state = 'new' ORDER BY id DESC LIMIT 1")[0];
        for (const text of VECTORS.slice(0, 6))
            same((await wang.ask('POST', `/findings/${clean}/comments`, { text })).status < 300, true);
        await page.goto(`${desk.origin}/finding/${clean}`);
        await page.getByText(VECTORS[0]).first().waitFor();
        await untouched('comments');
    });
    await check('a captured page shows in a frame that can do nothing', async () => {
        const [row] = sql(desk.ws, "SELECT id FROM finding WHERE channel = 'web' AND state = 'new' LIMIT 1");
        if (!row)
            return;
        await page.goto(`${desk.origin}/finding/${row[0]}`);
        await becomes('it is shown', async () => (await page.locator('.finding .number').innerText()) === `#${row[0]}`);
        await page.locator('[data-key=view-replay]').click();
        const frame = page.locator('iframe');
        await frame.waitFor();
        same([await frame.getAttribute('sandbox'), (await frame.getAttribute('src')).startsWith(desk.captures)], ['', true]);
        await page.waitForTimeout(500);
        await untouched('the frame');
    });
    await check('the server lives still', async () => same((await wang.ask('GET', '/session')).status, 200));
} finally {
    await browser.close();
    await desk.stop();
}
finish();
