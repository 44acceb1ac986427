// 50 reviewers decide at once: no error, nothing twice. The times are told;
// a test has no limit on them but a generous one.
//   LOAD_SECONDS: 10 here, 60 by `make bench-desk`
import { readFileSync } from 'node:fs';
import { check, finish, same } from './check.mjs';
import { adwatch, Client, Desk, sql } from './desk.mjs';

const REVIEWERS = 50;
const SECONDS = Number(process.env.LOAD_SECONDS ?? 10);
const COPIES = Math.ceil(SECONDS * 300 / 60);

const people = Object.fromEntries(Array.from({ length: REVIEWERS }, (_, i) => [`yangli-${i + 1}`, ['reviewer', '']]));
const desk = new Desk('load', people);
// Many findings out of those there are, each with its claims.
const columns = sql(desk.ws, "SELECT name FROM pragma_table_info('finding')").map(([name]) => name)
    .filter((name) => !['id', 'fingerprint', 'state', 'url', 'version', 'touched'].includes(name)).join(', ');
const claims = sql(desk.ws, "SELECT name FROM pragma_table_info('claim')").map(([name]) => name)
    .filter((name) => !['id', 'finding'].includes(name)).join(', ');
const [[last]] = sql(desk.ws, 'SELECT max(id) FROM finding');
for (let i = 1; i <= COPIES; i++) {
    sql(desk.ws, `INSERT INTO finding (id, fingerprint, url, ${columns}) SELECT id + ?, fingerprint || '-${i}',
        url || '#${i}', ${columns} FROM finding WHERE id <= ? AND state = 'new'`, last * i, last);
    sql(desk.ws, `INSERT INTO claim (finding, ${claims}) SELECT finding + ?, ${claims} FROM claim
        WHERE finding <= ? AND finding IN (SELECT id FROM finding WHERE state = 'new')`, last * i, last);
}
await desk.start();
// What is being sorted into groups moves in the queue while it is paged through.
for (let left = 1, tries = 0; left > 0 && tries < 600; tries++) {
    [[left]] = sql(desk.ws, 'SELECT count(*) FROM finding WHERE id > (SELECT coalesce(max(finding), 0) FROM sorted)');
    await new Promise((wake) => setTimeout(wake, 500));
}

// Milliseconds of processor time that the server has taken; the driver shares
// its cores, and the times of answers are those of both.
function processor() {
    const fields = readFileSync(`/proc/${desk.server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
try {
    const clients = [];
    for (const name of Object.keys(people))
        clients.push(await Client.enter(desk, name));
    const times = { decide: [], read: [], list: [] };
    const wrong = [];
    const timed = async (kind, ask) => {
        const begin = performance.now();
        const reply = await ask();
        times[kind].push(performance.now() - begin);
        if (reply.status !== 200)
            wrong.push(`${kind}: ${reply.status} ${reply.text.slice(0, 200)}`);
        return reply;
    };
    // Each has a queue of their own, as assigned or by place: no two at one.
    const { total } = (await clients[0].get('/findings?flat=1&limit=1'));
    const all = [];
    for (let after = ''; ;) {
        const { items, next } = await clients[0].get(`/findings?flat=1&limit=200${after}`);
        all.push(...items);
        if (!next)
            break;
        after = `&after=${encodeURIComponent(next)}`;
    }
    await check('the whole queue is paged through, each finding once', () =>
        same([all.length, new Set(all.map(({ id }) => id)).size], [total.findings, total.findings]));

    const before = processor();
    const end = Date.now() + SECONDS * 1000;
    let decided = 0;
    await Promise.all(clients.map(async (client, i) => {
        for (let n = i; n < all.length && Date.now() < end; n += REVIEWERS) {
            const { json } = await timed('read', () => client.ask('GET', `/findings/${all[n].id}`));
            const reply = await timed('decide', () => client.decide(n % 3 ? 'confirm' : 'dismiss',
                [{ id: all[n].id, version: json.version }], { reason: '样例理由', code: 'other' }));
            decided += reply.json?.done?.length ?? 0;
            if (n % 20 === i % 20)
                await timed('list', () => client.ask('GET', '/findings?limit=50'));
            // A person looks at what they decide.
            await new Promise((wake) => setTimeout(wake, 300 + Math.random() * 400));
        }
    }));
    const asked = Object.values(times).reduce((sum, { length }) => sum + length, 0);
    console.log(`server: ${((processor() - before) / asked).toFixed(2)} ms of processor time for each of ${asked}`);
    for (const [kind, list] of Object.entries(times)) {
        list.sort((a, b) => a - b);
        console.log(`${kind}: ${list.length} asked, median ${quantile(list, 0.5).toFixed(1)} ms, ` +
            `p99 ${quantile(list, 0.99).toFixed(1)} ms, most ${list.at(-1).toFixed(1)} ms`);
    }
    await check('no error', () => same(wrong.slice(0, 5), []));
    await check('each decision is kept, none twice', () =>
        same(sql(desk.ws, "SELECT count(*), count(DISTINCT finding) FROM decision WHERE who LIKE 'yangli-%'"),
            [[decided, decided]]));
    await check('many were decided', () => decided > SECONDS * 10);
    await check('nobody waits for seconds', () => quantile(times.decide, 0.99) < 5000);
    await check('the chains hold', () => { adwatch(desk.ws, ['audit', 'verify']); });
} finally {
    await desk.stop();
}
finish();
