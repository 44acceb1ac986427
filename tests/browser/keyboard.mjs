// A reviewer's day in a real browser, by keys alone.
import { check, becomes, finish, same } from './check.mjs';
import { adwatch, Client, Desk, enterPage, openBrowser, sql } from './desk.mjs';

const desk = await new Desk('keyboard').start();
const browser = await openBrowser();
const idOf = (page) => Number(new URL(page.url()).pathname.split('/').pop());
const stateOf = (id) => sql(desk.ws, 'SELECT state FROM finding WHERE id = ?', id)[0][0];
const opened = (page, not) => becomes('a finding is open', async () => {
    const id = idOf(page);
    return id > 0 && id !== not && await page.locator('.finding .number').innerText() === `#${id}` && id;
});

try {
    const admin = await Client.enter(desk, 'guanliyuan');
    await admin.ask('PUT', '/policy', { second_severity: 0, second_new_publisher: false, second_random_percent: 0 });
    const page = await enterPage(browser, desk, 'wang-yangli');

    await check('who comes in sees the most urgent finding with its claim', async () => {
        await opened(page);
        same(await page.locator('.claim-card').count() > 0, true);
    });
    // Within the page: from the key to the frame after the next finding stood
    // there with its claim. Nothing of the driver is in it.
    await page.evaluate(() => {
        const shown = () => document.querySelector('.finding .claim-card')
            && document.querySelector('.finding .number').textContent;
        globalThis.painted = [];
        document.addEventListener('keydown', (event) => {
            if (event.key !== 'c' || document.querySelector('dialog[open]'))
                return;
            const before = shown();
            const look = () => {
                if (!shown() || shown() === before)
                    requestAnimationFrame(look);
                else
                    requestAnimationFrame(() => globalThis.painted.push(performance.now() - event.timeStamp));
            };
            requestAnimationFrame(look);
        }, true);
    });
    const decided = [];
    await check('20 findings are decided by keys', async () => {
        const waits = [];
        for (let i = 0; i < 20; i++) {
            const id = await opened(page, decided.at(-1)?.[0]);
            const begin = performance.now();
            if (i % 4 === 1) {
                await page.keyboard.press('d');
                await page.locator('dialog[open] input[type=radio]').first().waitFor();
                await page.keyboard.press('1');
                await page.keyboard.press('Enter');
            } else if (i % 4 === 2) {
                await page.keyboard.press('e');
                await page.locator('dialog[open] textarea').waitFor();
                await page.keyboard.press('Control+Enter');
            } else {
                await page.keyboard.press('c');
            }
            await opened(page, id);
            waits.push(performance.now() - begin);
            decided.push([id, ['confirmed', 'dismissed', 'escalated', 'confirmed'][i % 4]]);
        }
        waits.sort((a, b) => a - b);
        console.log(`from key to the next finding, the driver's own time with it: median ${waits[10].toFixed(0)} ms`);
        const painted = (await page.evaluate(() => globalThis.painted)).sort((a, b) => a - b);
        console.log(`from key to the next finding painted, in the page: median ${painted[painted.length >> 1].toFixed(0)} ms, ` +
            `most ${painted.at(-1).toFixed(0)} of ${painted.length} (asked: under 100)`);
        same(painted.length, 10);
        for (const [id, state] of decided)
            await becomes(`finding ${id} is ${state}`, () => stateOf(id) === state);
    });
    await check('skip passes over, and j and k move', async () => {
        const id = await opened(page);
        await page.keyboard.press('s');
        const next = await opened(page, id);
        await page.keyboard.press('k');
        same(await opened(page, next), id);
        same(stateOf(id), 'new');
        await page.keyboard.press('j');
        same(await opened(page, id), next);
    });
    await check('u undoes the last decision', async () => {
        const id = await opened(page);
        await page.keyboard.press('c');
        await becomes('it is confirmed', () => stateOf(id) === 'confirmed');
        await page.keyboard.press('u');
        await becomes('it is new again', () => stateOf(id) === 'new');
    });
    await check('1 to 9 choose the class that is recorded', async () => {
        const id = await opened(page);
        await page.keyboard.press('2');
        await page.keyboard.press('c');
        await becomes('with its class', () => sql(desk.ws,
            'SELECT class FROM decision WHERE finding = ? ORDER BY id DESC LIMIT 1', id)[0]?.[0]);
        same(sql(desk.ws, 'SELECT class FROM decision WHERE finding = ? ORDER BY id DESC LIMIT 1', id), [['no_risk']]);
    });
    await check('v goes through the views', async () => {
        await opened(page);
        const seen = new Set();
        for (let i = 0; i < 5; i++) {
            seen.add(await page.locator('.view-bar [aria-pressed=true]').innerText());
            await page.keyboard.press('v');
        }
        same(seen.size, await page.locator('.view-bar button:not([aria-disabled])').count());
    });
    await check('v brings the view to the top of its pane, and leaves the document', async () => {
        await page.setViewportSize({ width: 1280, height: 720 });
        await page.keyboard.press('v');
        const { gap, document } = await page.evaluate(() => ({ document: globalThis.document.scrollingElement.scrollTop,
            gap: globalThis.document.querySelector('.view-bar').getBoundingClientRect().top
                - globalThis.document.querySelector('.finding').getBoundingClientRect().top }));
        same(document, 0);
        same(Math.abs(gap) < 4, true);
    });
    await check('X selects all that the list shows, and none again', async () => {
        const ticked = () => page.locator('.row input:checked').count();
        await page.keyboard.press('Shift+X');
        same(await ticked(), await page.locator('.row').count());
        await page.keyboard.press('Shift+X');
        same(await ticked(), 0);
    });
    await check('what is confirmed is not confirmed again, and o opens it anew', async () => {
        const id = await opened(page);
        await page.keyboard.press('c');
        await becomes('it is confirmed', () => stateOf(id) === 'confirmed');
        await page.goto(`${desk.origin}/finding/${id}?state=all`);
        await opened(page);
        same(await page.locator('[data-key="act-confirm"]').count(), 0);
        await page.keyboard.press('o');
        await page.locator('dialog[open] textarea').waitFor();
        await page.locator('dialog[open] button[type=submit]').click();
        await becomes('it is new again', () => stateOf(id) === 'new');
        await page.goto(`${desk.origin}/`);
    });
    await check('n and p move between claims', async () => {
        const rows = sql(desk.ws, `SELECT finding FROM claim JOIN finding ON finding.id = finding
            WHERE state = 'new' GROUP BY finding HAVING count(*) > 1 LIMIT 1`);
        await page.goto(`${desk.origin}/finding/${rows[0][0]}`);
        await opened(page);
        const current = async () => Number(await page.locator('.claim-card.current').getAttribute('data-claim'));
        const [first, count] = [await current(), await page.locator('.claim-card').count()];
        await page.keyboard.press('n');
        same(await current(), (first + 1) % count);
        await page.keyboard.press('p');
        same(await current(), first);
    });
    await check('x selects, and what is selected is decided as one after the number was typed', async () => {
        await page.goto(`${desk.origin}/?flat=1`);
        let id = await opened(page);
        const chosen = [];
        for (let i = 0; i < 21; i++) {
            await page.keyboard.press('x');
            chosen.push(id);
            await page.keyboard.press('j');
            id = await opened(page, id);
        }
        same(await page.locator('.bulk strong').innerText().then((text) => /21/.test(text)), true);
        await page.locator('.bulk button').nth(2).press('Enter');
        await page.locator('dialog[open] textarea').waitFor();
        await page.keyboard.press('Control+Enter');
        await page.locator('dialog[open] input[inputmode=numeric]').fill('20');
        await page.keyboard.press('Enter');
        same(stateOf(chosen[0]), 'new');
        await page.locator('dialog[open] input[inputmode=numeric]').fill('21');
        await page.keyboard.press('Enter');
        for (const one of chosen)
            await becomes(`${one} is escalated`, () => stateOf(one) === 'escalated');
        await page.keyboard.press('u');
        for (const one of chosen)
            await becomes(`${one} is new again`, () => stateOf(one) === 'new');
    });
    await check('a comment is written and kept', async () => {
        const id = await opened(page);
        await page.keyboard.press('m');
        await page.keyboard.type('核对一下门店地址 c d e');
        await page.locator('#comment').press('Control+Enter');
        await becomes('it is kept', () => sql(desk.ws, 'SELECT text FROM comment WHERE finding = ?', id)[0]?.[0]
            === '核对一下门店地址 c d e');
        same(stateOf(id), 'new');
    });
    await check('search finds by two characters', async () => {
        await page.keyboard.press('Escape');
        await page.locator('.finding-title').focus();
        await page.keyboard.press('/');
        await page.keyboard.type('保本');
        await page.keyboard.press('Enter');
        await becomes('the address says so', () => new URL(page.url()).searchParams.get('q') === '保本');
        await becomes('rows hold it', async () => (await page.locator('.row').count()) > 0);
    });
    await check('keys can be switched off', async () => {
        await page.locator('.finding-title').focus();
        const id = await opened(page);
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press('?');
        await page.locator('dialog[open] table.keys').waitFor();
        await page.locator('dialog[open] .dialog-actions button').first().click();
        await page.locator('dialog[open] input[type=checkbox]').uncheck();
        await page.locator('dialog[open] .dialog-actions button.primary').click();
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press('c');
        await page.waitForTimeout(300);
        same([stateOf(id), idOf(page)], ['new', id]);
        await page.evaluate(() => localStorage.clear());
        await page.reload();
    });
    await check('a session that ends asks again, and loses nothing', async () => {
        const id = await opened(page);
        const before = sql(desk.ws, 'SELECT count(*) FROM decision WHERE finding = ?', id)[0][0];
        sql(desk.ws, "UPDATE session SET expires_ms = 1, seen_ms = 1 WHERE user = (SELECT id FROM user WHERE name = 'wang-yangli')");
        await page.keyboard.press('c');
        await page.locator('dialog[open] input[type=password]').waitFor();
        same(stateOf(id), 'new');
        await page.locator('dialog[open] input[type=password]').fill('样例口令-correct-horse');
        await page.keyboard.press('Enter');
        await becomes('it is decided after that', () => stateOf(id) === 'confirmed');
        same(sql(desk.ws, 'SELECT count(*) FROM decision WHERE finding = ?', id), [[before + 1]]);
    });
    await check('two at one finding: the second sees what the first did', async () => {
        await page.goto(`${desk.origin}/?flat=1`);
        const id = await opened(page);
        sql(desk.ws, 'DELETE FROM lease');
        const li = await Client.enter(desk, 'li-yangli');
        const { version } = await li.get(`/findings/${id}`);
        sql(desk.ws, 'DELETE FROM lease');
        same((await li.decide('dismiss', [{ id, version }], { reason: '另有说明', code: 'other' })).json.done.length, 1);
        await page.keyboard.press('c');
        await page.locator('dialog[open] .clashes').waitFor();
        const text = await page.locator('dialog[open]').innerText();
        same([text.includes('li-yangli'), text.includes('另有说明')], [true, true]);
        await page.keyboard.press('Enter');
        same(stateOf(id), 'dismissed');
    });
    await check('the server is started again in between: nothing is lost, nothing decided twice', async () => {
        await page.goto(`${desk.origin}/?flat=1`);
        const id = await opened(page);
        await page.evaluate(() => document.activeElement.blur());
        const before = sql(desk.ws, 'SELECT count(*) FROM decision WHERE finding = ?', id)[0][0];
        await desk.stop('SIGKILL');
        await page.keyboard.press('c');
        await page.waitForTimeout(500);
        await desk.start();
        await becomes('it is confirmed', () => stateOf(id) === 'confirmed', 30);
        same(sql(desk.ws, 'SELECT count(*) FROM decision WHERE finding = ?', id), [[before + 1]]);
    });
    await check('the second officer works the second looks', async () => {
        await admin.ask('PUT', '/policy', { second_severity: 1 });
        await page.goto(`${desk.origin}/?flat=1`);
        const id = await opened(page);
        await page.keyboard.press('c');
        await becomes('it waits for a second look', () => stateOf(id) === 'second');
        const other = await enterPage(browser, desk, 'zhao-erguan');
        await other.goto(`${desk.origin}/second`);
        await becomes('it is there', async () => idOf(other) === id
            || (await other.goto(`${desk.origin}/second/${id}`), idOf(other) === id));
        await opened(other);
        await other.keyboard.press('c');
        await becomes('it is confirmed', () => stateOf(id) === 'confirmed');
        same([other.wrongs, other.outside], [[], []]);
    });
    await check('nothing went wrong in the page, nothing left this machine', () =>
        same([page.wrongs, page.outside], [[], []]));
    await check('the chains hold', () => { adwatch(desk.ws, ['audit', 'verify']); });
} finally {
    await browser.close();
    await desk.stop();
}
finish();
