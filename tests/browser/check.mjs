// check.mjs - counts what holds, as tests/e2e/lib.sh does.
let passed = 0;
let failed = 0;

// What throws or gives false failed.
export async function check(name, test) {
    try {
        if ((await test()) === false)
            throw new Error('is not so');
        passed++;
    } catch (error) {
        failed++;
        console.log(`FAIL ${name}`);
        console.log(String(error.message ?? error).split('\n').slice(0, 20).map((l) => `     ${l}`).join('\n'));
    }
}

export function same(got, wanted) {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b)
        throw new Error(`got ${a?.slice(0, 2000)}, wanted ${b?.slice(0, 2000)}`);
}

// Asks again until it is true, for so many seconds.
export async function becomes(what, ask, seconds = 15) {
    const end = Date.now() + seconds * 1000;
    let last;
    while (Date.now() < end) {
        try {
            last = await ask();
            if (last)
                return last;
        } catch (error) {
            last = error;
        }
        await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`${what}: not within ${seconds} s (${last?.message ?? last})`);
}

export function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
}
