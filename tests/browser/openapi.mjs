// web/openapi.yaml held against the server: the same paths and methods, and
// each answer in the shape that it says.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { check, finish, same } from './check.mjs';
import { Client, Desk, PASSWORD } from './desk.mjs';

const WEB = join(import.meta.dirname, '..', 'web');
const spec = parse(readFileSync(join(WEB, 'openapi.yaml'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ ...spec, $id: 'adwatch' });
const desk = await new Desk('openapi').start();

// The routes as they stand in the tables of web/api_*.c, whose paths may begin
// with a name for what is the same in several.
function routesOfSource() {
    return readdirSync(WEB).filter((name) => /^api_.*\.c$/.test(name)).flatMap((name) => {
        const source = readFileSync(join(WEB, name), 'utf8');
        const names = new Map();
        const textOf = (words) => words.replace(/\w+(?=\s|$)|"[^"]*"/g, (word) =>
            (word.startsWith('"') ? word.slice(1, -1) : names.get(word) ?? '')).replaceAll(' ', '');
        for (const [, word, value] of source.matchAll(/#define (\w+) ((?:\w+ )?"[^"]*")/g))
            names.set(word, textOf(value));
        return [...source.matchAll(/AW_METHOD_([A-Z]+),\s*([A-Z]*\s*(?:"[^"]*")?),/g)].map(([, method, path]) =>
            `${method} ${textOf(path.replace(/\s+/g, ' ')).replace('/api/v1', '')}`);
    }).filter((route) => / \/./.test(route) && !/ \/(assets|$)/.test(route)).sort();
}

const pathOf = (path) => path.replace(/\{[a-z_]+\}/g, '{id}');
const operations = Object.entries(spec.paths).flatMap(([path, item]) => Object.entries(item)
    .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
    .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));

// The schema of a status, wherever the file keeps the response.
function schemaOf(path, method, status) {
    const responses = spec.paths[path][method.toLowerCase()].responses;
    let response = responses[status] ?? responses.default;
    let at = `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}/responses/${responses[status] ? status : 'default'}`;
    if (!response)
        throw new Error(`${method} ${path}: ${status} is not described`);
    if (response.$ref) {
        at = response.$ref;
        response = at.slice(2).split('/').reduce((node, key) => node[key.replaceAll('~1', '/')], spec);
    }
    const type = Object.keys(response.content ?? {})[0];
    return type?.startsWith('application/json')
        ? `adwatch${at}/content/application~1json/schema` : undefined;
}

const tried = new Set();
async function holds(client, method, path, real, body, wanted = 200) {
    const reply = await client.ask(method, real, body);
    tried.add(`${method} ${path}`);
    same([method, real, reply.status], [method, real, wanted]);
    const at = schemaOf(path, method, wanted);
    if (!at)
        return reply;
    const validate = ajv.getSchema(encodeURI(at)) ?? ajv.compile({ $ref: encodeURI(at) });
    if (!validate(reply.json))
        throw new Error(`${method} ${path}: ${ajv.errorsText(validate.errors)} in ${reply.text.slice(0, 600)}`);
    return reply;
}

try {
    const [wang, sun, admin, auditor] = await Promise.all(
        ['wang-yangli', 'sun-zhuguan', 'guanliyuan', 'shenjiyuan'].map((n) => Client.enter(desk, n)));
    await check('the file and the server have the same paths', () =>
        same(operations.map(({ method, path }) => `${method} ${pathOf(path)}`).sort(), routesOfSource()));
    await check('no path that the file lacks is answered', async () => {
        for (const path of ['/nothing', '/findings/1/nothing', '/openapi'])
            same([path, (await wang.ask('GET', path)).status], [path, 404]);
    });

    const rows = (await wang.get('/findings?limit=50&flat=1')).items;
    const web = rows.find(({ channel }) => channel === 'web') ?? rows[0];
    const byPath = (method, path) => operations.find((o) => o.method === method && pathOf(o.path) === path)?.path;
    const calls = [
        [wang, 'GET', '/session', '/session'],
        [wang, 'GET', '/people', '/people'],
        [admin, 'GET', '/users', '/users'],
        [admin, 'POST', '/users', '/users', { name: 'xin-yangli', role: 'reviewer', place: '3708', password: PASSWORD }],
        [admin, 'PATCH', '/users/{id}', '/users/7', { certificate: '样例-0001' }],
        [wang, 'GET', '/findings', '/findings'],
        [wang, 'GET', '/findings', '/findings?q=保本&state=all&order=newest&limit=3'],
        [wang, 'GET', '/findings', '/findings?order=random&seed=7&flat=1'],
        [wang, 'GET', '/facets', '/facets'],
        [wang, 'GET', '/findings/{id}', `/findings/${web.id}`],
        [wang, 'GET', '/findings/{id}/text', `/findings/${web.id}/text`],
        [wang, 'GET', '/findings/{id}/source', `/findings/${web.id}/source`],
        [wang, 'GET', '/findings/{id}/difference', `/findings/${web.id}/difference`],
        [wang, 'POST', '/findings/{id}/lease', `/findings/${web.id}/lease`, {}],
        [wang, 'DELETE', '/findings/{id}/lease', `/findings/${web.id}/lease`, undefined],
        [wang, 'POST', '/findings/{id}/comments', `/findings/${web.id}/comments`, { text: '样例意见' }],
        [sun, 'POST', '/findings/{id}/assignment', `/findings/${web.id}/assignment`, { user: 1 }],
        [wang, 'POST', '/decisions', '/decisions', { action: 'escalate', reason: '样例',
            items: [{ finding: rows[1].id, version: rows[1].version }, { finding: rows[1].id, version: 99 },
                { finding: 999999, version: 0 }] }],
        [wang, 'POST', '/decisions/undo', '/decisions/undo', {}],
        [wang, 'GET', '/policy', '/policy'],
        [admin, 'PUT', '/policy', '/policy', { second_random_percent: 5 }],
        [sun, 'GET', '/second', '/second'],
        [sun, 'GET', '/agreement', '/agreement'],
        [auditor, 'GET', '/audit', '/audit?limit=5'],
        [auditor, 'GET', '/audit/verify', '/audit/verify'],
        [sun, 'GET', '/dashboard', '/dashboard'],
    ];
    for (const [client, method, path, real, body] of calls) {
        const named = byPath(method, path);
        if (named)
            await check(`${method} ${real.slice(0, 40)}`, async () => {
                const { responses } = spec.paths[named][method.toLowerCase()];
                const wanted = Number(Object.keys(responses).find((status) => status.startsWith('2')));
                await holds(client, method, named, real, body, wanted);
            });
    }
    await check('what is refused has the shape of an error', async () => {
        for (const [method, path, body] of [['GET', '/findings/999999'], ['GET', '/findings?limit=x'],
            ['POST', '/decisions', { action: 'burn', items: [] }]]) {
            const { status, json } = await wang.ask(method, path, body);
            if (status < 400 || typeof json.error.code !== 'string' || typeof json.error.message !== 'string')
                throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
        }
    });
    await check('what was not called is told', () => {
        const elsewhere = new Set(['POST /login', 'POST /logout', 'POST /session/password', 'POST /exports',
            'POST /findings/{id}/frame', 'POST /findings/{id}/corrections', 'GET /shots/{id}']);
        same(operations.map(({ method, path }) => [`${method} ${path}`, `${method} ${pathOf(path)}`])
            .filter(([own, plain]) => !tried.has(own) && !elsewhere.has(plain)).map(([own]) => own), []);
    });
} finally {
    await desk.stop();
}
finish();
