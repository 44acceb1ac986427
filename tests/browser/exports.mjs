// Exports opened and read by others: Python's csv, zipfile and XML, JSON.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, same } from './check.mjs';
import { Client, Desk, sql, WORK } from './desk.mjs';

const FORMULAS = ['=HYPERLINK("http://evil.example","x")', '+1+1', '-1+1', '@SUM(1)', '\t=1+1', '\r=1+1', '＝1+1'];

const READER = `
import csv, json, re, sys, xml.etree.ElementTree as tree, zipfile
def xlsx(path):
    z = zipfile.ZipFile(path)
    assert z.testzip() is None
    names = z.namelist()
    ns = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
    shared = []
    if 'xl/sharedStrings.xml' in names:
        for si in tree.fromstring(z.read('xl/sharedStrings.xml')).findall('m:si', ns):
            shared.append(''.join(t.text or '' for t in si.iter('{%s}t' % ns['m'])))
    sheet = tree.fromstring(z.read('xl/worksheets/sheet1.xml'))
    assert sheet.find('.//m:f', ns) is None, 'a formula'
    assert sheet.find('.//m:hyperlink', ns) is None, 'a link'
    rows = []
    for row in sheet.iter('{%s}row' % ns['m']):
        cells = {}
        for c in row.findall('m:c', ns):
            v = c.find('m:v', ns)
            text = v.text if v is not None else ''.join(t.text or '' for t in c.iter('{%s}t' % ns['m']))
            letters = re.match('[A-Z]+', c.get('r')).group()
            at = 0
            for letter in letters: at = at * 26 + ord(letter) - 64
            cells[at - 1] = shared[int(text)] if c.get('t') == 's' else text
        rows.append([cells.get(i, '') for i in range(max(cells) + 1 if cells else 0)])
    return rows
path = sys.argv[1]
raw = open(path, 'rb').read()
if path.endswith('.csv'):
    assert raw.startswith(b'\\xef\\xbb\\xbf'), 'no BOM'
    rows = list(csv.reader(open(path, encoding='utf-8-sig', newline='')))
elif path.endswith('.xlsx'): rows = xlsx(path)
else: rows = [json.loads(line) for line in open(path, encoding='utf-8')]
json.dump(rows, sys.stdout)`;

function read(path) {
    const run = spawnSync('/usr/bin/python3', ['-c', READER, path], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0)
        throw new Error(run.stderr);
    return JSON.parse(run.stdout);
}

const desk = new Desk('exports');
const hostile = sql(desk.ws, "SELECT id FROM finding WHERE state = 'new' ORDER BY id LIMIT ?", FORMULAS.length).map(([id]) => id);
for (const [i, id] of hostile.entries())
    sql(desk.ws, 'UPDATE finding SET title = ? WHERE id = ?', FORMULAS[i], id);
await desk.start();
try {
    const wang = await Client.enter(desk, 'wang-yangli');
    const all = await wang.get('/findings?flat=1&limit=200');
    await wang.ask('POST', `/findings/${hostile[0]}/comments`, { text: '=1+1 样例意见' });

    async function take(name, body) {
        const reply = await wang.raw('POST', '/api/v1/exports', body);
        if (reply.status !== 200)
            throw new Error(`${reply.status} ${await reply.text()}`);
        const path = join(WORK, name);
        writeFileSync(path, Buffer.from(await reply.arrayBuffer()));
        if (!/^attachment;/.test(reply.headers.get('content-disposition')))
            throw new Error(reply.headers.get('content-disposition'));
        return [read(path), Number(reply.headers.get('x-count'))];
    }

    for (const format of ['csv', 'xlsx']) {
        await check(`${format}: all that match, as the number said`, async () => {
            const [rows, count] = await take(`all.${format}`, { format, scope: 'all', filter: 'flat=1', expected: all.total.findings });
            same(count, all.total.findings);
            const [head, ...body] = rows;
            same([head.length > 10, new Set(body.map((r) => r[0])).size], [true, all.total.findings]);
            for (const row of body)
                for (const cell of row)
                    if (/^[=+\-@\t\r＝＋－＠]/.test(cell) && format === 'csv')
                        throw new Error(`a formula: ${JSON.stringify(cell)}`);
        });
        await check(`${format}: the selection`, async () => {
            const [rows, count] = await take(`some.${format}`, { format, scope: 'ids', ids: hostile.slice(0, 3) });
            same([count, new Set(rows.slice(1).map((r) => Number(r[0]))).size], [3, 3]);
            if (!rows.flat().some((cell) => String(cell).includes('样例意见')))
                throw new Error('no comment');
        });
    }
    await check('jsonl: exact texts, with evidence hashes', async () => {
        const [rows, count] = await take('some.jsonl', { format: 'jsonl', scope: 'ids', ids: hostile });
        same([count, rows.length], [hostile.length, hostile.length]);
        same(rows.map(({ title }) => title).sort(), [...FORMULAS].sort());
        if (!/[0-9a-f]{64}/.test(JSON.stringify(rows[0])))
            throw new Error('no digest');
    });
    await check('a number that is no longer so is told', async () =>
        same((await wang.ask('POST', '/exports', { format: 'csv', scope: 'all', filter: 'flat=1', expected: 1 })).status, 409));
    await check('a finding that is named twice is refused', async () =>
        same((await wang.ask('POST', '/exports', { format: 'csv', scope: 'ids', ids: [hostile[0], hostile[0]] })).status, 400));
    await check('each export stands in the audit chain', async () => {
        const auditor = await Client.enter(desk, 'shenjiyuan');
        const { items } = await auditor.get('/audit?action=export&limit=50');
        same([items.length >= 5, items[0].who], [true, 'wang-yangli']);
    });
} finally {
    await desk.stop();
}
finish();
