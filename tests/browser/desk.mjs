// desk.mjs - a workspace of its own, users, a server that is really started,
// clients of its API, and a browser; all ended by their process ids.
//   ADWATCH, WORKSPACE and WORK come from test_desk.sh.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const { ADWATCH, WORKSPACE, WORK } = process.env;
export const PASSWORD = '样例口令-correct-horse';

// name: [role, place]
export const PEOPLE = {
    'wang-yangli': ['reviewer', ''],
    'li-yangli': ['reviewer', ''],
    'zhao-erguan': ['second_officer', ''],
    'sun-zhuguan': ['supervisor', ''],
    'guanliyuan': ['administrator', ''],
    'shenjiyuan': ['auditor', ''],
};

export function adwatch(ws, args, input = '') {
    const run = spawnSync(ADWATCH, ['-C', ws, ...args], { input, encoding: 'utf8' });
    if (run.status !== 0)
        throw new Error(`adwatch ${args.join(' ')}: status ${run.status}: ${run.stderr}`);
    return run.stdout;
}

// Python's sqlite3, as the other tests have it.
export function sql(ws, statement, ...values) {
    const program = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=20)
rows = db.execute(sys.argv[2], json.load(sys.stdin)).fetchall()
db.commit()
print(json.dumps(rows))`;
    const run = spawnSync('/usr/bin/python3',
        ['-c', program, join(ws, 'adwatch.db'), statement],
        { input: JSON.stringify(values), encoding: 'utf8' });
    if (run.status !== 0)
        throw new Error(run.stderr || `python: ${run.error}`);
    return JSON.parse(run.stdout);
}

export class Desk {
    constructor(name, people = PEOPLE) {
        this.ws = join(WORK, name);
        rmSync(this.ws, { recursive: true, force: true });
        mkdirSync(WORK, { recursive: true });
        cpSync(WORKSPACE, this.ws, { recursive: true });
        for (const [user, [role, place]] of Object.entries(people))
            adwatch(this.ws, ['user', 'add', user, '--role', role,
                ...(place ? ['--place', place] : [])], `${PASSWORD}\n`);
        this.ports = [0, 0];
    }

    // A server that is started again listens where it did before.
    async start(...options) {
        this.server = spawn(ADWATCH, ['-C', this.ws, 'serve', '--port', String(this.ports[0]),
            '--capture-port', String(this.ports[1]), ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
        this.log = '';
        this.server.stderr.on('data', (text) => { this.log += text; });
        this.ended = new Promise((done) => this.server.on('exit', (status, signal) => done(status ?? signal)));
        const line = await new Promise((done, fail) => {
            let out = '';
            this.server.stdout.on('data', (text) => {
                out += text;
                if (/\n/.test(out))
                    done(out);
            });
            this.ended.then((status) => fail(new Error(`the server ended: ${status}: ${this.log}`)));
        });
        const urls = [...line.matchAll(/(https?:\/\/[^\s/]+)/g)].map((m) => m[1]);
        [this.origin, this.captures] = urls;
        this.ports = urls.map((url) => Number(new URL(url).port));
        return this;
    }

    async stop(signal = 'SIGTERM') {
        if (this.server?.exitCode === null && this.server.signalCode === null)
            this.server.kill(signal);
        return this.ended;
    }
}

// One person with a session, without a browser.
export class Client {
    constructor(desk, name) {
        this.desk = desk;
        this.name = name;
    }

    static async enter(desk, name) {
        const client = new Client(desk, name);
        const reply = await client.ask('POST', '/login', { name, password: PASSWORD });
        if (reply.status !== 200)
            throw new Error(`login of ${name}: ${reply.status} ${JSON.stringify(reply.json)}`);
        client.csrf = reply.json.csrf;
        return client;
    }

    async raw(method, path, body, headers = {}) {
        const reply = await fetch(this.desk.origin + path, {
            method,
            redirect: 'manual',
            headers: {
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
                ...(method === 'GET' ? {} : { Origin: this.desk.origin }),
                ...(this.csrf ? { 'X-CSRF-Token': this.csrf } : {}),
                ...(this.cookie ? { Cookie: this.cookie } : {}),
                ...headers,
            },
            body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
        });
        for (const cookie of reply.headers.getSetCookie())
            this.cookie = cookie.split(';')[0];
        return reply;
    }

    async ask(method, path, body, headers) {
        const reply = await this.raw(method, `/api/v1${path}`, body, headers);
        const text = await reply.text();
        let json;
        try {
            json = JSON.parse(text);
        } catch {
            json = undefined;
        }
        return { status: reply.status, json, text, headers: reply.headers };
    }

    async get(path) {
        const reply = await this.ask('GET', path);
        if (reply.status !== 200)
            throw new Error(`GET ${path}: ${reply.status} ${reply.text.slice(0, 300)}`);
        return reply.json;
    }

    async decide(action, findings, more = {}) {
        return this.ask('POST', '/decisions', {
            action,
            items: findings.map(({ id, version }) => ({ finding: id, version })),
            ...more,
        });
    }
}

export async function openBrowser() {
    return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

// A page whose person has come in by the form, as people do.
export async function enterPage(browser, desk, name, options = {}) {
    const context = await browser.newContext({
        locale: 'zh-CN', viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    page.outside = [];
    page.wrongs = [];
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(desk.origin) && !url.startsWith(desk.captures) && !/^(data|blob|about):/.test(url))
            page.outside.push(url);
    });
    page.on('pageerror', (error) => page.wrongs.push(String(error)));
    page.on('dialog', (dialog) => {
        page.wrongs.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
            page.wrongs.push(message.text());
    });
    await page.goto(`${desk.origin}/login`);
    await page.fill('input[name=name]', name);
    await page.fill('input[name=password]', PASSWORD);
    await page.press('input[name=password]', 'Enter');
    await page.waitForURL((url) => url.pathname !== '/login');
    return page;
}
