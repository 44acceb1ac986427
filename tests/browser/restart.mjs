// The server is killed and started again while people decide: nothing that
// was answered is lost, nothing is decided twice.
import { check, finish, same } from './check.mjs';
import { adwatch, Client, Desk, sql } from './desk.mjs';

const KILLS = 6;
const desk = await new Desk('restart').start();
try {
    const people = await Promise.all(['wang-yangli', 'li-yangli', 'sun-zhuguan'].map((n) => Client.enter(desk, n)));
    const answered = new Map();
    let going = true;

    async function work(client, action) {
        while (going) {
            try {
                const { items } = await client.get('/findings?flat=1&limit=20');
                if (items.length === 0)
                    return;
                const f = items[Math.floor(Math.random() * items.length)];
                const { status, json } = await client.decide(action, [f]);
                if (status === 200 && json.done.length === 1)
                    answered.set(json.done[0].decision, f.id);
            } catch {
                await new Promise((wake) => setTimeout(wake, 30));
            }
        }
    }
    const works = people.map((client, i) => work(client, ['confirm', 'escalate', 'confirm'][i]));
    for (let i = 0; i < KILLS; i++) {
        await new Promise((wake) => setTimeout(wake, 150 + 100 * i));
        await desk.stop(i % 2 ? 'SIGTERM' : 'SIGKILL');
        await desk.start();
    }
    going = false;
    await Promise.all(works);

    await check('the session outlives the server', async () =>
        same((await people[0].ask('GET', '/session')).status, 200));
    await check('each decision that was answered is kept', () => {
        const kept = new Map(sql(desk.ws, 'SELECT id, finding FROM decision'));
        console.log(`${answered.size} decisions answered, ${kept.size} kept, ${KILLS} ends of the server`);
        for (const [decision, finding] of answered)
            same([decision, kept.get(decision)], [decision, finding]);
        same(answered.size > 5, true);
    });
    await check('no finding is decided twice from the same state', () =>
        same(sql(desk.ws, `SELECT finding, action, count(*) FROM decision WHERE who <> 'demo-reviewer'
            GROUP BY finding, action HAVING count(*) > 1`), []));
    await check('the chains hold', () => { adwatch(desk.ws, ['audit', 'verify']); });
} finally {
    await desk.stop();
}
finish();
