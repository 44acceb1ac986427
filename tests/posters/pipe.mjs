// Chromium by --remote-debugging-pipe: fd 3 in, fd 4 out, JSON ended by NUL.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function startBrowser() {
    const profile = mkdtempSync(join(tmpdir(), 'adwatch-posters-'));
    const flags = ['--headless=new', '--disable-gpu', '--no-first-run', '--hide-scrollbars',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--force-color-profile=srgb', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    if (process.getuid() === 0)
        flags.push('--no-sandbox');
    const child = spawn('chromium', [...flags, 'about:blank'],
        { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    const waiting = new Map();
    const events = new Map();
    let number = 0;
    let rest = Buffer.alloc(0);

    child.stdio[4].on('data', (piece) => {
        rest = Buffer.concat([rest, piece]);
        for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1))
            take(JSON.parse(rest.subarray(0, end).toString()));
    });
    child.on('exit', () => {
        for (const { reject } of waiting.values())
            reject(new Error('the browser ended'));
    });

    function take(message) {
        const asked = waiting.get(message.id);
        if (asked) {
            waiting.delete(message.id);
            if (message.error)
                asked.reject(new Error(message.error.message));
            else
                asked.resolve(message.result);
        } else if (events.has(message.method)) {
            events.get(message.method)();
            events.delete(message.method);
        }
    }

    function call(method, params = {}, sessionId = undefined) {
        const id = ++number;
        return new Promise((resolve, reject) => {
            waiting.set(id, { resolve, reject });
            child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
        });
    }

    const once = (method) => new Promise((resolve) => events.set(method, resolve));
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    return {
        call: (method, params) => call(method, params, sessionId),
        once,
        async close() {
            const ended = new Promise((resolve) => child.on('exit', resolve));
            await call('Browser.close').catch(() => {});
            await ended;
            rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
        },
    };
}
