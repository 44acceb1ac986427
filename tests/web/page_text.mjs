// The page's texts and its own rules, read from its source: both catalogues
// have the same texts with the same places, each text that the code asks for
// exists, none is unused; and nothing is put in as markup.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

const DIR = new URL('../../web/page/', import.meta.url);
const zh = (await import(new URL('zh.js', DIR))).default;
const en = (await import(new URL('en.js', DIR))).default;
const sources = readdirSync(DIR).filter((name) => name.endsWith('.js') && !['zh.js', 'en.js'].includes(name))
  .map((name) => ({name, text: readFileSync(new URL(name, DIR), 'utf8')}));
const all = sources.map(({text}) => text).join('\n');

const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();

test('both languages have the same texts, in the same order', () => {
  assert.deepEqual(Object.keys(en), Object.keys(zh));
});

test('a text has the same places in both languages', () => {
  for (const key of Object.keys(zh)) assert.equal(places(en[key]), places(zh[key]), key);
});

test('no key stands twice in a catalogue', () => {
  for (const name of ['zh.js', 'en.js']) {
    const keys = [...readFileSync(new URL(name, DIR), 'utf8').matchAll(/^ {2}'|, '(?=[a-z]+\.\w+': )/gm)];
    assert.equal(keys.length, Object.keys(name === 'zh.js' ? zh : en).length, name);
  }
});

test('each text that is asked for exists', () => {
  for (const [, key] of all.matchAll(/\bt\('([^']+)'/g)) assert.ok(key in zh, key);
});

test('t() is only asked with a literal', () => {
  for (const {name, text} of sources)
    for (const [, begins] of text.matchAll(/\bt\(([^)])/g))
      assert.ok(begins === "'" || ['i18n.js', 'terms.js'].includes(name), `${name}: t(${begins}`);
});

test('no text is unused', () => {
  for (const key of Object.keys(zh)) assert.ok(all.includes(`'${key}'`), key);
});

test('the program never says that something is illegal', () => {
  for (const [key, text] of Object.entries(zh))
    assert.ok(!/违法/.test(text.replace(/涉嫌违法广告|是否违法/g, '')), key);
  for (const [key, text] of Object.entries(en)) assert.ok(!/\billegal/i.test(text), key);
});

test('nothing is put in as markup, and nothing is run from a text', () => {
  const barred = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|\beval\b|new Function|setTimeout\('|javascript:/;
  for (const {name, text} of sources) assert.ok(!barred.test(text), name);
});

test('the page has neither script nor style of its own, and asks nobody else', () => {
  const html = readFileSync(new URL('index.html', DIR), 'utf8');
  assert.ok(!/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/.test(html));
  for (const [, url] of html.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(url, /^\/assets\//);
  for (const {name, text} of sources) assert.ok(!/https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(text), name);
});

test('traditional characters alone are no disguise; another character is one', async () => {
  const {byScriptAlone} = await import(new URL('script.js', DIR));
  assert.ok(byScriptAlone('保證穩賺', '保证稳赚'));
  for (const disguised of ['宝本', '保 本', '保夲', '零風脸']) assert.ok(!byScriptAlone(disguised, disguised.startsWith('零') ? '零风险' : '保本'), disguised);
});

test('the parts of a person\'s load are all of the decisions', async () => {
  const {withRest} = await import(new URL('tally.js', DIR));
  const row = withRest({decisions: 6, confirmed: 3, dismissed: 1});
  assert.equal(row.confirmed + row.dismissed + row.rest, row.decisions);
});

test('the page compares a rule from as many decisions on as the program does', async () => {
  const {RULE_LEAST, isFew} = await import(new URL('tally.js', DIR));
  const header = readFileSync(new URL('../../reports/dashboard.h', DIR), 'utf8');
  assert.equal(RULE_LEAST, Number(header.match(/AW_DASH_RULE_LEAST (\d+)/)[1]));
  assert.deepEqual([isFew({decided: RULE_LEAST - 1}), isFew({decided: RULE_LEAST})], [true, false]);
  assert.ok(zh['policy.boundNote'].includes(`${RULE_LEAST} 条`) && en['policy.boundNote'].includes(`${RULE_LEAST} decisions`));
});

test('an audit row leads to its finding', async () => {
  const {subjectOf} = await import(new URL('tally.js', DIR));
  assert.deepEqual(subjectOf({subject: 'finding 13', detail: {}}), {kind: 'finding', id: '13', finding: 13});
  assert.deepEqual(subjectOf({subject: 'decision 12', detail: {finding: 7}}), {kind: 'decision', id: '12', finding: 7});
  assert.equal(subjectOf({subject: 'second_severity', detail: {after: 1, before: 0}}).finding, null);
  assert.equal(subjectOf({subject: 'capture 3', detail: 'not JSON'}).finding, null);
});

test('a day on which nothing was found or decided is left out on paper', async () => {
  const {isIdle} = await import(new URL('tally.js', DIR));
  const idle = isIdle([{name: 'found'}, {name: 'confirmed'}]);
  assert.deepEqual([idle({day: '2026-11-01', found: 0, confirmed: 0}), idle({found: 0, confirmed: 1})], [true, false]);
});

test('the parts of a bar are all that was found', async () => {
  const {withWaiting} = await import(new URL('tally.js', DIR));
  const row = withWaiting({found: 33, confirmed: 3, dismissed: 7, escalated: 3, open: 23});
  assert.equal(row.confirmed + row.dismissed + row.escalated + row.waiting, row.found);
});

test('the terminal says the same words', () => {
  const source = (name) => readFileSync(new URL(`../../${name}`, DIR), 'utf8');
  const whys = [...source('cli/desk_draw.c').matchAll(/\[AW_WHY_(\w+)\] = "([^"]+)"/g)];
  assert.equal(whys.length, 8);
  for (const [, code, words] of whys) assert.equal(words, zh[`why.${code.toLowerCase()}`], code);
  const actions = source('reports/text.c').match(/aw_text_action[\s\S]*?NULL/)[0];
  for (const [, code, words] of actions.matchAll(/\{"(\w+)", "([^"]+)"\}/g)) assert.equal(words, zh[`action.${code}`], code);
});
