// Several people at one queue: clashes, leases, the second officer, undo,
// groups. Asked of the API; the same in the browser is in keyboard.mjs.
import { check, finish, same } from './check.mjs';
import { adwatch, Client, Desk } from './desk.mjs';

const desk = await new Desk('together').start();
try {
    const [wang, li, zhao, sun, admin] = await Promise.all(
        ['wang-yangli', 'li-yangli', 'zhao-erguan', 'sun-zhuguan', 'guanliyuan'].map((n) => Client.enter(desk, n)));
    const policy = async (change) => {
        const reply = await admin.ask('PUT', '/policy', change);
        same([reply.status, reply.text.slice(0, 200)].slice(0, 1), [200]);
    };
    await policy({ second_severity: 0, second_new_publisher: false, second_random_percent: 0 });
    // That nobody has decided on yet.
    const fresh = async (n) => (await wang.get('/findings?limit=200&flat=1')).items
        .filter(({ version }) => version === 0).slice(0, n);
    const look = (id) => wang.get(`/findings/${id}`);

    await check('a group is one row and is decided as one', async () => {
        const rows = (await wang.get('/findings?limit=200')).items;
        const row = rows.find(({ group }) => group.findings >= 14);
        if (!row)
            throw new Error(JSON.stringify(rows.map(({ group }) => group.findings)));
        const members = (await wang.get(`/findings?group=${row.group.id}&limit=200`)).items;
        same(members.length, row.group.findings);
        const reply = await wang.ask('POST', '/decisions', { action: 'escalate', group: row.group.id,
            reason: '同一广告多处发布', typed: members.length });
        same([reply.status, reply.json.done.length], [200, members.length]);
        same((await wang.ask('POST', '/decisions/undo', {})).json.undone.length, members.length);
    });
    await check('a decision is kept once, and counts the version up', async () => {
        const [f] = await fresh(1);
        const reply = await wang.decide('confirm', [f], { reason: '承诺保本' });
        same(reply.status, 200);
        same(reply.json.done.map(({ finding, state }) => [finding, state]), [[f.id, 'confirmed']]);
        const now = await look(f.id);
        same([now.state, now.version > f.version, now.decisions.length], ['confirmed', true, 1]);
        same([now.decisions[0].who, now.decisions[0].reason], ['wang-yangli', '承诺保本']);
    });
    await check('who decides on what another decided sees what the other did', async () => {
        const [f] = await fresh(1);
        same((await wang.decide('dismiss', [f], { reason: '误报', code: 'other' })).json.done.length, 1);
        const { json } = await li.decide('confirm', [f]);
        same([json.done.length, json.clashes.length], [0, 1]);
        same([json.clashes[0].decision.who, json.clashes[0].decision.action], ['wang-yangli', 'dismiss']);
        same((await look(f.id)).state, 'dismissed');
    });
    await check('two at the same moment: one is done, one clashes', async () => {
        const findings = await fresh(10);
        const replies = await Promise.all(findings.flatMap((f) => [wang.decide('confirm', [f]), li.decide('escalate', [f])]));
        const done = replies.flatMap(({ json }) => json.done.map(({ finding }) => finding)).sort((a, b) => a - b);
        same(done, findings.map(({ id }) => id).sort((a, b) => a - b));
        for (const { id } of findings)
            same((await look(id)).decisions.length, 1);
    });
    await check('a dismissal needs a reason', async () => {
        const [f] = await fresh(1);
        const { status, json } = await wang.decide('dismiss', [f]);
        same(status === 400 || json.failed.length === 1, true);
        same((await look(f.id)).state, 'new');
    });
    await check('a lease keeps others off until it ends', async () => {
        const [f] = await fresh(1);
        same((await wang.ask('POST', `/findings/${f.id}/lease`, {})).status, 200);
        const { status, json } = await li.ask('POST', `/findings/${f.id}/lease`, {});
        same([status, json.lease.name], [409, 'wang-yangli']);
        const row = (await li.get('/findings?flat=1&limit=200')).items.find(({ id }) => id === f.id);
        same(row.lease.name, 'wang-yangli');
        same((await li.decide('confirm', [f])).json.done.length, 0);
        same((await wang.ask('DELETE', `/findings/${f.id}/lease`)).status < 300, true);
        same((await li.ask('POST', `/findings/${f.id}/lease`, {})).status, 200);
        same((await li.decide('confirm', [f])).json.done.length, 1);
    });
    await check('more than 20 need the number typed', async () => {
        const findings = await fresh(25);
        const refused = await wang.decide('dismiss', findings, { reason: '重复线索', code: 'other' });
        same(refused.json.done?.length ?? 0, 0);
        const wrong = await wang.decide('dismiss', findings, { reason: '重复线索', code: 'other', typed: 24 });
        same(wrong.json.done?.length ?? 0, 0);
        const right = await wang.decide('dismiss', findings, { reason: '重复线索', code: 'other', typed: 25 });
        same([right.status, right.json.done.length], [200, 25]);
        const undone = await wang.ask('POST', '/decisions/undo', {});
        same([undone.status, undone.json.undone.length], [200, 25]);
        for (const { id } of findings.slice(0, 3))
            same((await look(id)).state, 'new');
    });
    await check('undo goes back ten times and not eleven, and spares what another did after', async () => {
        const findings = await fresh(12);
        for (const f of findings)
            same((await li.decide('escalate', [f])).json.done.length, 1);
        const last = await look(findings[11].id);
        same((await sun.decide('dismiss', [last], { reason: '合规', code: 'other' })).json.done.length, 1);
        const first = await li.ask('POST', '/decisions/undo', {});
        same([first.json.undone.length, first.json.clashes.length], [0, 1]);
        let undone = 0;
        for (let i = 0; i < 12; i++)
            undone += (await li.ask('POST', '/decisions/undo', {})).json.undone?.length ?? 0;
        same(undone >= 9 && undone <= 10, true);
        same((await look(findings[0].id)).state, 'escalated');
        same((await look(findings[11].id)).state, 'dismissed');
    });
    await check('the second officer is another person, and their no escalates', async () => {
        await policy({ second_severity: 1 });
        const [a, b] = await fresh(2);
        same((await zhao.decide('confirm', [a])).json.done[0].state, 'second');
        same((await wang.decide('confirm', [b])).json.done[0].state, 'second');
        const seen = (await zhao.get('/second')).items.map(({ id }) => id);
        same([seen.includes(a.id), seen.includes(b.id)], [false, true]);
        same((await zhao.decide('confirm', [await look(a.id)])).json.done.length, 0);
        same((await li.decide('confirm', [await look(b.id)])).json.done.length, 0);
        same((await zhao.decide('confirm', [await look(b.id)])).json.done[0].state, 'confirmed');
        same((await sun.decide('dismiss', [await look(a.id)], { reason: '证据不足', code: 'other' })).json.done[0].state,
            'escalated');
        await policy({ second_severity: 0 });
    });
    await check('a blind second look hides the first, and counts for agreement', async () => {
        await policy({ second_random_percent: 100 });
        const findings = await fresh(4);
        for (const [i, f] of findings.entries())
            same((await wang.decide(i % 2 ? 'dismiss' : 'confirm', [f], { reason: '样例理由', code: 'other' })).json.done.length, 1);
        const mine = (await zhao.get('/second')).items.map(({ id }) => id);
        for (const f of findings) {
            same(mine.includes(f.id), true);
            const seen = await zhao.ask('GET', `/findings/${f.id}`);
            same([seen.json.second.blind, seen.text.includes('样例理由')], [true, false]);
            same((await zhao.decide('confirm', [{ id: f.id, version: seen.json.version }])).json.done.length, 1);
        }
        await policy({ second_random_percent: 0 });
        const { all } = await sun.get('/agreement');
        same([all.pairs >= 4, all.kappa !== undefined, all.alpha !== undefined], [true, true, true]);
    });
    await check('comments and assignments stay', async () => {
        const [f] = await fresh(1);
        same((await wang.ask('POST', `/findings/${f.id}/comments`, { text: '请核对门店地址' })).status < 300, true);
        const { items } = await wang.get('/people');
        const { id } = items.find(({ name }) => name === 'li-yangli');
        same((await sun.ask('POST', `/findings/${f.id}/assignment`, { user: id })).status < 300, true);
        const now = await look(f.id);
        same([now.comments[0].text, now.assigned.name], ['请核对门店地址', 'li-yangli']);
        same((await li.get('/findings?assigned=me&flat=1')).items.map((row) => row.id), [f.id]);
    });
    await check('all of it stands in chains that hold', () => {
        adwatch(desk.ws, ['audit', 'verify']);
    });
} finally {
    await desk.stop();
}
finish();
