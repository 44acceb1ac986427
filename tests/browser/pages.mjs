// Every page, in both languages and both themes, wide and narrow: axe-core
// finds no violation, nothing is wider than the screen, nothing comes from
// outside. Pictures are left in WORK for people to look at.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { becomes, check, finish, same } from './check.mjs';
import { Client, Desk, enterPage, openBrowser, sql, WORK } from './desk.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = {
    queue: ['/', '.row'],
    finding: ['/finding/ID?flat=1&state=all', '.claim-card'],
    second: ['/second', 'main'],
    dashboard: ['/dashboard', 'main svg'],
    agreement: ['/agreement', 'main h1, main h2'],
    audit: ['/audit', 'main table'],
    users: ['/users', 'main table'],
    policy: ['/policy', 'main form, main h1'],
};
const SCREENS = { wide: { width: 1440, height: 900 }, small: { width: 1280, height: 720 }, telephone: { width: 390, height: 844 } };

const desk = await new Desk('pages').start();
const browser = await openBrowser();

// The test's own script is no part of the page: asked past its policy.
async function violations(page) {
    const { results } = await page.evaluate(async (source) => {
        if (!window.axe)
            (0, eval)(source);
        return { results: await window.axe.run(document, { resultTypes: ['violations'] }) };
    }, axe);
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

try {
    const wang = await Client.enter(desk, 'wang-yangli');
    const admin = await Client.enter(desk, 'guanliyuan');
    await admin.ask('PUT', '/policy', { second_severity: 1, second_random_percent: 0 });
    const rows = (await wang.get('/findings?flat=1&limit=30')).items;
    for (const [i, row] of rows.entries())
        await wang.decide(['confirm', 'dismiss', 'escalate'][i % 3], [row], { reason: '样例理由', code: 'other' });
    const open = (await wang.get('/findings?flat=1&limit=1')).items[0];
    await wang.ask('POST', `/findings/${open.id}/comments`, { text: '请核对门店地址' });

    for (const theme of ['light', 'dark'])
        for (const language of ['zh', 'en']) {
            const page = await enterPage(browser, desk, 'sun-zhuguan',
                { colorScheme: theme, bypassCSP: true, reducedMotion: 'reduce' });
            await page.evaluate((look) => localStorage.setItem('adwatch', JSON.stringify(look)),
                { lang: language, theme });
            for (const [name, [path, ready]] of Object.entries(PAGES))
                for (const [screen, size] of Object.entries(SCREENS)) {
                    if (screen !== 'wide' && (language === 'en' || theme === 'dark'))
                        continue;
                    await check(`${name}, ${language}, ${theme}, ${screen}`, async () => {
                        await page.setViewportSize(size);
                        await page.goto(desk.origin + path.replace('ID', open.id));
                        await page.locator(ready).first().waitFor({ state: 'attached' });
                        await page.waitForTimeout(250);
                        same([await page.evaluate(() => document.documentElement.lang.slice(0, 2)),
                            await page.evaluate(() => document.documentElement.dataset.theme)], [language, theme]);
                        await page.screenshot({ path: join(WORK, `${name}-${language}-${theme}-${screen}.png`) });
                        same(await violations(page), []);
                        same([await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
                            page.wrongs, page.outside], [true, [], []]);
                    });
                }
            await page.context().close();
        }
    await check('dialogs, the finding with its views, and login', async () => {
        const page = await enterPage(browser, desk, 'wang-yangli', { bypassCSP: true });
        await page.goto(`${desk.origin}/finding/${open.id}`);
        await page.locator('.claim-card').first().waitFor();
        for (const [key, wait] of [['?', 'dialog[open]'], ['d', 'dialog[open] input'], ['r', 'dialog[open]']]) {
            await page.keyboard.press(key);
            await page.locator(wait).first().waitFor();
            same([key, await violations(page)], [key, []]);
            await page.keyboard.press('Escape');
        }
        for (let i = 0; i < 5; i++) {
            await page.keyboard.press('v');
            await page.waitForTimeout(300);
            same([i, await violations(page)], [i, []]);
        }
        const out = await browser.newContext({ bypassCSP: true });
        const login = await out.newPage();
        await login.goto(`${desk.origin}/login`);
        await login.locator('input[name=name]').waitFor();
        same(await violations(login), []);
    });
    await check('print: the dashboard on paper, with who printed it', async () => {
        const page = await enterPage(browser, desk, 'sun-zhuguan');
        await page.goto(`${desk.origin}/dashboard`);
        await page.locator('.chart .drawing').first().waitFor();
        const pdf = await page.pdf({ path: join(WORK, 'dashboard.pdf'), preferCSSPageSize: true });
        await becomes('a foot', async () => (await page.locator('.print-foot').textContent()).includes('sun-zhuguan'));
        await page.emulateMedia({ media: 'print' });
        same(await page.locator('.chart.wide tr.idle').first().evaluate((row) => getComputedStyle(row).display), 'none');
        same((pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length <= 6, true);
    });
    await check('charts keep the size of their words, and the audit its width, on a telephone', async () => {
        const page = await enterPage(browser, desk, 'sun-zhuguan', { viewport: SCREENS.telephone });
        await page.goto(`${desk.origin}/dashboard`);
        await page.locator('.chart .drawing').first().waitFor();
        await becomes('a drawing at its own width', () => page.locator('.chart .drawing').evaluateAll((all) => all.every((one) =>
            Math.abs(one.getBoundingClientRect().width - one.viewBox.baseVal.width) < 2)));
        await page.goto(`${desk.origin}/audit`);
        await page.locator('.audit td a[href^="/finding/"]').first().waitFor();
        same(await page.locator('.audit .table-box').evaluate((box) => box.scrollWidth <= box.clientWidth), true);
    });
    await check('the menu of the user closes behind the settings', async () => {
        const page = await enterPage(browser, desk, 'wang-yangli');
        await page.locator('details.user summary').click();
        await page.locator('details.user .btn').first().click();
        await page.locator('dialog[open]').waitFor();
        same(await page.locator('details.user[open]').count(), 0);
    });
    await check('print: the finding on paper', async () => {
        const page = await enterPage(browser, desk, 'wang-yangli');
        await page.goto(`${desk.origin}/finding/${open.id}`);
        await page.locator('.claim-card').first().waitFor();
        await page.emulateMedia({ media: 'print' });
        same(await page.locator('.decide-bar').isVisible(), false);
        same(await page.locator('.claim-card').first().isVisible(), true);
        await page.pdf({ path: join(WORK, 'finding.pdf'), format: 'A4' });
    });
} finally {
    await browser.close();
    await desk.stop();
}
finish();
