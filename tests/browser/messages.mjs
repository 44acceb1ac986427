// The page's words: each in both languages, each used, none missing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, finish, same } from './check.mjs';

const PAGE = join(import.meta.dirname, '..', 'web', 'page');
const load = async (name) => {
    const module = await import(pathToFileURL(join(PAGE, name)));
    return module.default ?? Object.values(module)[0];
};
const flat = (node, path = '') => Object.entries(node).flatMap(([key, value]) =>
    (typeof value === 'object' ? flat(value, `${path}${key}.`) : [[path + key, value]]));

const zh = new Map(flat(await load('zh.js')));
const en = new Map(flat(await load('en.js')));
const places = (text) => [...String(text).matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

await check('both languages have the same words', () => same([...zh.keys()].sort(), [...en.keys()].sort()));
await check('with the same places to fill', () => {
    for (const [key, text] of zh)
        same([key, places(text)], [key, places(en.get(key))]);
});
await check('none is empty, and none of the English is Chinese', () => {
    for (const [key, text] of [...zh, ...en])
        if (typeof text === 'string' && text.trim() === '')
            throw new Error(`${key} is empty`);
    for (const [key, text] of en)
        if (/^[\u4e00-\u9fff，。]+$/.test(String(text)))
            throw new Error(`${key}: ${text}`);
});
await check('nothing is called illegal', () => {
    for (const [key, text] of [...zh, ...en])
        if (/(?<!涉嫌)违法(?!广告线索|表现|犯罪)|\billegal\b/.test(String(text)) && !/never|不认定|不作/.test(String(text)))
            throw new Error(`${key}: ${text}`);
});
await check('the page holds no words of its own', () => {
    for (const name of readdirSync(PAGE).filter((n) => n.endsWith('.js') && !/^(zh|en)\.js$/.test(n))) {
        const lines = readFileSync(join(PAGE, name), 'utf8').split('\n');
        for (const [i, line] of lines.entries())
            if (/[\u4e00-\u9fff]/.test(line.replace(/\/\/.*$|\/\*.*?\*\//g, '')))
                throw new Error(`${name}:${i + 1}: ${line.trim()}`);
    }
});
await check('nothing is put in as HTML', () => {
    for (const name of readdirSync(PAGE).filter((n) => n.endsWith('.js')))
        if (/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc/.test(
            readFileSync(join(PAGE, name), 'utf8')))
            throw new Error(name);
});
finish();
