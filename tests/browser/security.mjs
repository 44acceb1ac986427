// What the server refuses, asked as one who would break in would ask.
import { check, finish, same } from './check.mjs';
import { Client, Desk, PASSWORD, sql } from './desk.mjs';
import { request } from 'node:http';

const desk = await new Desk('security').start();

// fetch() would not send these.
function rawRequest(method, path, headers, body = '') {
    const { hostname, port } = new URL(desk.origin);
    return new Promise((done, fail) => {
        const asked = request({ hostname, port, method, path, headers, agent: false }, (reply) => {
            let text = '';
            reply.on('data', (part) => { text += part; });
            reply.on('end', () => done({ status: reply.statusCode, headers: reply.headers, text }));
        });
        asked.on('error', fail);
        asked.end(body);
    });
}

try {
    const wang = await Client.enter(desk, 'wang-yangli');
    const [first] = (await wang.get('/findings?limit=5&flat=1')).items;
    const state = async () => (await wang.get(`/findings/${first.id}`)).state;
    const body = { action: 'confirm', items: [{ finding: first.id, version: first.version }] };

    await check('nobody reads without a session', async () => {
        const nobody = new Client(desk);
        for (const path of ['/findings', `/findings/${first.id}`, '/facets', '/session', '/people', '/users',
            '/audit', '/dashboard', '/second', '/agreement', '/policy', `/findings/${first.id}/text`])
            same([path, (await nobody.ask('GET', path)).status], [path, 401]);
    });
    await check('a write without the token is refused', async () => {
        same((await wang.ask('POST', '/decisions', body, { 'X-CSRF-Token': '' })).status, 403);
        same((await wang.ask('POST', '/decisions', body, { 'X-CSRF-Token': 'A'.repeat(43) })).status, 403);
        same(await state(), 'new');
    });
    await check('so is one from another origin, or with none', async () => {
        for (const origin of ['http://evil.example', 'null', `${desk.origin}.evil.example`, desk.captures,
            desk.origin.replace('http:', 'https:')])
            same([origin, (await wang.ask('POST', '/decisions', body, { Origin: origin })).status], [origin, 403]);
        const bare = await rawRequest('POST', '/api/v1/decisions', {
            Host: new URL(desk.origin).host, Cookie: wang.cookie, 'X-CSRF-Token': wang.csrf,
            'Content-Type': 'application/json', 'Sec-Fetch-Site': 'cross-site' }, JSON.stringify(body));
        same(bare.status, 403);
        same(await state(), 'new');
    });
    await check('another host name is refused (DNS rebinding)', async () => {
        for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'x']) {
            const reply = await rawRequest('GET', '/api/v1/session', { Host: host, Cookie: wang.cookie });
            same([host, [400, 421].includes(reply.status), reply.text.includes('wang')], [host, true, false]);
        }
    });
    await check('a form post of another page decides nothing', async () => {
        const reply = await rawRequest('POST', '/api/v1/decisions', {
            Host: new URL(desk.origin).host, Cookie: wang.cookie, Origin: 'http://evil.example',
            'Content-Type': 'application/x-www-form-urlencoded' }, 'action=confirm');
        same(reply.status, 403);
    });
    await check('roles: who only reads changes nothing', async () => {
        const auditor = await Client.enter(desk, 'shenjiyuan');
        const admin = await Client.enter(desk, 'guanliyuan');
        same((await auditor.ask('POST', '/decisions', body)).status, 403);
        same((await auditor.ask('POST', `/findings/${first.id}/comments`, { text: '样例' })).status, 403);
        same((await auditor.ask('PUT', '/policy', { second_random_percent: 0 })).status, 403);
        same((await admin.ask('POST', '/decisions', body)).status, 403);
        same((await wang.ask('GET', '/audit')).status, 403);
        same((await wang.ask('POST', '/users',
            { name: 'x-yangli', role: 'administrator', password: PASSWORD })).status, 403);
        same((await wang.ask('PUT', '/policy', { second_random_percent: 0 })).status, 403);
        same((await auditor.ask('GET', '/audit')).status, 200);
        same(await state(), 'new');
    });
    await check('the cookie is HttpOnly and SameSite=Strict', async () => {
        const reply = await new Client(desk).raw('POST', '/api/v1/login', { name: 'li-yangli', password: PASSWORD });
        const [cookie] = reply.headers.getSetCookie();
        for (const part of [/HttpOnly/i, /SameSite=Strict/i, /Path=\//i])
            if (!part.test(cookie))
                throw new Error(cookie);
    });
    await check('the token itself is not in the store', async () => {
        const token = wang.cookie.split('=')[1];
        same(sql(desk.ws, 'SELECT count(*) FROM session WHERE key = ? OR csrf = ?', token, token), [[0]]);
    });
    await check('each reply has the headers that keep a page in', async () => {
        for (const path of ['/', '/api/v1/session', '/nothing-here', '/assets/none.js', '/api/v1/none']) {
            const { headers } = await wang.raw('GET', path);
            const csp = headers.get('content-security-policy') ?? '';
            same([path, headers.get('x-content-type-options')], [path, 'nosniff']);
            if (!/default-src 'none'/.test(csp) || !/frame-ancestors 'none'/.test(csp) ||
                /unsafe-inline|unsafe-eval/.test(csp))
                throw new Error(`${path}: ${csp}`);
        }
    });
    await check('bodies that are too long or no JSON are told', async () => {
        same((await wang.ask('POST', '/decisions', 'x'.repeat(3 << 19))).status, 413);
        // So much that it is not read: who still writes may see the end first.
        same(await wang.ask('POST', '/decisions', 'x'.repeat(8 << 20)).then(({ status }) => status, () => 413), 413);
        for (const bad of ['{', '[]', '"x"', '{"action":1}', '{"action":"confirm","items":{}}', '\u0000',
            '{"action":"confirm","items":[{"finding":"1"}]}', '['.repeat(5000)])
            same([bad.slice(0, 20), (await wang.ask('POST', '/decisions', bad)).status], [bad.slice(0, 20), 400]);
        same(await state(), 'new');
    });
    await check('paths that lead elsewhere do not', async () => {
        for (const path of ['/assets/../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd',
            '/assets/..%2f..%2fetc%2fpasswd', '/api/v1/findings/9223372036854775808', '/api/v1/findings/-1',
            '/api/v1/findings/1%00', '/api/v1/shots/1.5']) {
            const reply = await rawRequest('GET', path, { Host: new URL(desk.origin).host, Cookie: wang.cookie });
            if (/root:/.test(reply.text) || reply.status >= 500)
                throw new Error(`${path}: ${reply.status}`);
            if (path.startsWith('/api'))
                same([path, [400, 404].includes(reply.status)], [path, true]);
        }
    });
    await check('a wrong password is slowed down, whoever it is for', async () => {
        const tries = [];
        for (const name of ['zhao-erguan', 'no-such-person'])
            for (let i = 0; i < 12; i++)
                tries.push([name, (await new Client(desk).ask('POST', '/login', { name, password: `wrong-${i}` })).status]);
        for (const name of ['zhao-erguan', 'no-such-person']) {
            const got = tries.filter(([who]) => who === name).map(([, status]) => status);
            same([name, got[0]], [name, 401]);
            same([name, got.at(-1)], [name, 429]);
        }
    });
    await check('a session ends by logout, by time, and when its user is switched off', async () => {
        const li = await Client.enter(desk, 'li-yangli');
        same((await li.ask('POST', '/logout', {})).status < 300, true);
        same((await li.ask('GET', '/session')).status, 401);
        const again = await Client.enter(desk, 'li-yangli');
        sql(desk.ws, `UPDATE session SET expires_ms = 1, seen_ms = 1 WHERE user =
            (SELECT id FROM user WHERE name = 'li-yangli')`);
        same((await again.ask('GET', '/session')).status, 401);
        const third = await Client.enter(desk, 'li-yangli');
        const admin = await Client.enter(desk, 'guanliyuan');
        const { items } = await admin.get('/users');
        const { id } = items.find(({ name }) => name === 'li-yangli');
        same((await admin.ask('PATCH', `/users/${id}`, { active: false })).status, 200);
        same((await third.ask('GET', '/session')).status, 401);
        same((await new Client(desk).ask('POST', '/login', { name: 'li-yangli', password: PASSWORD })).status, 401);
    });
    await check('the server lives still', async () => same((await wang.ask('GET', '/session')).status, 200));
} finally {
    await desk.stop();
}
finish();
