// Holds what OCR read against the posters' texts:
//   score.mjs ADWATCH READ_ALL DIR [NAME...]     the images of make.mjs are in DIR
// Prints a line for each poster and the table of docs/quality.md.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { goldLines, isClean, readPosters } from './read.mjs';

// Words that a claim hangs on; their characters are counted for themselves.
const CLAIM_WORDS = ['保本', '保息', '本金', '零风险', '无风险', '零風險', '稳赚', '不赔', '躺赚', '躺着赚钱',
    '固定回报', '固定收益', '固定分红', '稳定收益', '保底', '保证', '保證', '承诺', '收益', '回购', '回購', '兜底',
    '翻倍', '只涨不跌', '必涨', '返现', '分红', '年化', '翻本', '内幕'];
const bare = (text) => [...text.replace(/[\s●]/gu, '')];

// Fewest edits that make `line` a part of `text`.
function editsWithin(line, text) {
    let row = text.map(() => 0).concat(0);
    for (let i = 1; i <= line.length; i++) {
        const next = [i];
        for (let j = 1; j <= text.length; j++)
            next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (line[i - 1] !== text[j - 1]));
        row = next;
    }
    return Math.min(...row);
}

function imageOf(dir, name) {
    return ['png', 'jpeg', 'webp', 'pdf', 'tiff'].map((ext) => join(dir, `${name}.${ext}`)).find(existsSync);
}

function run(adwatch, args, input) {
    const out = execFileSync(adwatch, args, { input, encoding: 'utf8', maxBuffer: 1 << 28,
        env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
    return out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

function readAll(program, files) {
    return run(program, files).map(({ document, ms, processor_ms }) => ({
        text: document.blocks.map((block) => block.text).join('\n\n'),
        seconds: ms / 1000, processor: processor_ms / 1000 }));
}

function classify(adwatch, texts) {
    const lines = texts.map((text, id) => JSON.stringify({ id: String(id), channel: 'poster', text }));
    return run(adwatch, ['classify'], lines.join('\n')).map((verdict) => new Set(
        verdict.verdict === 'suspected' ? verdict.claims.map((claim) => claim.class) : []));
}

const share = (part, whole) => (whole ? (part / whole).toFixed(3) : '-');

function measure(poster, text) {
    const read = bare(text);
    const sum = { chars: 0, edits: 0, wordChars: 0, wordEdits: 0 };
    for (const line of goldLines(poster)) {
        const gold = bare(line);
        sum.chars += gold.length;
        sum.edits += editsWithin(gold, read);
        for (const word of CLAIM_WORDS.filter((word) => line.includes(word))) {
            sum.wordChars += word.length;
            sum.wordEdits += editsWithin(bare(word), read);
        }
    }
    return { ...sum, extra: Math.max(0, read.length - sum.chars) };
}

function add(total, one) {
    for (const [key, value] of Object.entries(one))
        if (typeof value === 'number')
            total[key] = (total[key] ?? 0) + value;
}

function summarise(title, results) {
    const total = { claims: 0, found: 0, foundGold: 0, clear: 0, falseAlarms: 0 };
    let worst = 0;
    for (const one of results) {
        add(total, one);
        worst = Math.max(worst, one.seconds);
    }
    console.log(`| ${title} | ${results.length} | ${share(total.edits, total.chars)} | ${share(total.wordEdits, total.wordChars)} | ` +
        `${share(total.found, total.claims)} of ${total.claims} | ${share(total.foundGold, total.claims)} | ` +
        `${total.falseAlarms} of ${total.clear} | ${(total.seconds / results.length).toFixed(1)} | ${worst.toFixed(1)} | ${(total.processor / results.length).toFixed(1)} |`);
    return total;
}

function main(adwatch, program, dir, names) {
    const posters = readPosters(join(import.meta.dirname, 'posters.txt'))
        .filter(({ name }) => names.length === 0 || names.includes(name));
    const reads = readAll(program, posters.map(({ name }) => imageOf(dir, name)));
    const found = classify(adwatch, reads.map(({ text }) => text));
    const gold = classify(adwatch, posters.map((poster) => goldLines(poster).join('\n')));
    const results = posters.map((poster, i) => {
        const one = { ...measure(poster, reads[i].text), seconds: reads[i].seconds, processor: reads[i].processor,
            claims: poster.claims.length,
            found: poster.claims.filter((claim) => found[i].has(claim)).length,
            foundGold: poster.claims.filter((claim) => gold[i].has(claim)).length,
            clear: Number(poster.claims.length === 0),
            falseAlarms: Number(poster.claims.length === 0 && found[i].size > 0), way: poster.way };
        const missed = poster.claims.filter((claim) => !found[i].has(claim));
        console.log(`${poster.name} ${poster.look} ${poster.way}: CER ${share(one.edits, one.chars)}, claim words ${share(one.wordEdits, one.wordChars)}, ` +
            `${one.seconds.toFixed(1)} s (${one.processor.toFixed(1)})${missed.length ? ', missed ' + missed.join(' ') : ''}` +
            `${missed.some((claim) => !gold[i].has(claim)) ? ' (not in the gold text either)' : ''}${one.falseAlarms ? ', FALSE ALARM' : ''}`);
        return one;
    });
    console.log('\n| posters | | CER | CER of claim words | claims found | in the gold text | false alarms | s an image | worst | of processor |');
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
    const clean = results.filter(isClean);
    const noisy = results.filter((one) => !isClean(one));
    const totals = [summarise('clean', clean), summarise('noisy', noisy)];
    summarise('all', results);
    const worst = Math.max(...results.map(({ seconds }) => seconds));
    if (totals[0].found < 0.9 * totals[0].claims || totals[1].found < 0.7 * totals[1].claims || worst > 10)
        process.exitCode = 1;
}

const [adwatch, program, dir, ...names] = process.argv.slice(2);
main(adwatch, program, dir, names);
