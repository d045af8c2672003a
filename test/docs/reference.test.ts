/** The documentation agrees with the sources: every public name is documented, and every documented name exists. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DEFAULTS} from '../../src/element/attributes.js';
import {reference, textsWithHashes} from '../../scripts/write-reference.mjs';
import {MeshesWorkspaceElement} from '../../src/element/meshes-workspace.js';
import {ENGLISH} from '../../src/element/strings.js';
import {RETRY} from '../../src/http/retry-policy.js';
import {REFRESH} from '../../src/session/refresh-policy.js';
import * as facts from './support/facts.js';
import {code, listed, page, pages, readText, section, table} from './support/markdown.js';

const referencePage = page('docs/reference.md');
const troubleshooting = page('docs/troubleshooting.md');
/** `[name, text]` of the items of a list of the reference. */
const items = (heading: string) =>
  [...section(referencePage, heading).matchAll(/^- `([^`]+)`: (.*(?:\n {2}.*)*)$/gm)].map(
    ([, name = '', text = '']) => [name, text] as const,
  );
const sameSet = (actual: Iterable<string>, expected: Iterable<string>, message?: string) =>
  assert.deepEqual([...actual].sort(), [...expected].sort(), message);

const properties = Object.entries(MeshesWorkspaceElement.properties);
/** Attribute → property. */
const attributes = Object.fromEntries(
  properties.flatMap(([property, {attribute}]) =>
    typeof attribute === 'string' ? [[attribute, property]] : [],
  ),
);

const WRITE = 'Write it: npm run reference';

test('docs/reference.md is generated from the manifest, the exports, and the error codes', async () => {
  assert.ok(readText('docs/reference.md') === (await reference()), WRITE);
});

test('every integrity hash in a document is that of the built CDN file', () => {
  const texts = textsWithHashes();
  assert.ok(texts.has('README.md'));
  // The sample backends, whose page loads the element from a CDN.
  assert.ok([...texts.keys()].filter(name => name.startsWith('docs/backends/')).length >= 5);
  for (const [name, text] of texts) assert.ok(readText(name) === text, `${name}: ${WRITE}`);
});

test('every tag in a page that loads a file from a CDN has its integrity hash, and crossorigin', () => {
  const tags = pages.flatMap(({samples}) =>
    samples.flatMap(({code, place}) =>
      [...code.matchAll(/<(?:script|link)\s[^>]*jsdelivr[^>]*>/g)].map(([tag]) => ({tag, place})),
    ),
  );
  assert.notEqual(tags.length, 0);
  for (const {tag, place} of tags) {
    assert.match(tag, /dist\/cdn\/[\w.-]+"\s+integrity="sha384-[\w+/]{64}"/, place);
    // A module is always requested with CORS.
    assert.match(tag, /crossorigin="anonymous"|rel="modulepreload"/, place);
  }
});

test('README.md has at most 150 lines, and 900 words', () => {
  const text = readText('README.md').trimEnd();
  assert.ok(text.split('\n').length <= 150);
  assert.ok(text.split(/\s+/).length <= 900);
});

test('the reference lists every attribute, whose property is its name in camel case', () => {
  sameSet(listed(referencePage, 'Attributes'), Object.keys(attributes));
  for (const [attribute, property] of Object.entries(attributes)) {
    const camelCase = attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    assert.equal(property, camelCase);
  }
});

test('the reference lists the defaults of the attributes', () => {
  const defaults: Record<string, string | number> = {...DEFAULTS, credentials: 'same-origin'};
  for (const [name, text] of items('Attributes')) {
    const [, value] = /Default: `(.+)`\.$/.exec(text) ?? [];
    const expected = defaults[attributes[name]!];
    assert.equal(value, expected === undefined ? undefined : String(expected), name);
  }
});

test('the reference lists every property that has no attribute', () => {
  const kinds = new Map(
    items('Properties without an attribute').map(([name, text]) => {
      const [, kind = ''] = /^(Static|Read-only)\. /.exec(text) ?? [];
      return [name, kind] as const;
    }),
  );
  assert.deepEqual(
    kinds,
    new Map([
      ...facts.statics.map(name => [name, 'Static'] as const),
      ...properties
        .filter(([, {attribute}]) => attribute === false)
        .map(([name]) => [name, ''] as const),
      ...facts.readOnly.map(name => [name, 'Read-only'] as const),
    ]),
  );
});

test('the reference lists every method', () => {
  sameSet(
    listed(referencePage, 'Methods').map(name => name.replace(/\(.*/, '')),
    facts.methods,
  );
});

test('the reference lists every event with its detail, and says which are cancelable', () => {
  assert.deepEqual(
    new Map(items('Events').map(([name, text]) => [name, code(text)])),
    facts.events,
  );
  sameSet(facts.firedEvents, facts.events.keys(), '@fires of the class');
  sameSet(
    items('Events')
      .filter(([, text]) => text.includes('Call `preventDefault()`'))
      .map(([name]) => name),
    facts.cancelable,
  );
});

test('the reference lists every state, slot, part and custom property', () => {
  sameSet(listed(referencePage, 'States'), facts.cssStates);
  sameSet(facts.cssStates, [...facts.states, 'fill'], '@cssstate of the class');
  sameSet(listed(referencePage, 'Slots'), facts.slots);
  sameSet(listed(referencePage, 'Parts'), facts.parts);
  sameSet(listed(referencePage, 'Custom properties'), facts.cssProperties);
});

test('the styles know every custom property', () => {
  const styles = readText('src/element/styles.ts');
  sameSet(new Set(styles.match(/--meshes-workspace-[\w-]+/g)), facts.cssProperties);
});

/** The codes that link to Troubleshooting, in the part of the reference that the pattern captures. */
const linkedCodes = (part: RegExp) => {
  const [, text = ''] = part.exec(referencePage.prose) ?? [];
  return [...text.matchAll(/\[`(\w+)`\]\(troubleshooting\.md#\1\)/g)].map(([, name = '']) => name);
};

test('the reference lists every error code as retryable or final', () => {
  const final = facts.errorCodes.filter(name => !facts.retryableCodes.includes(name));
  sameSet(linkedCodes(/^- Retried automatically: (.*)$/m), facts.retryableCodes);
  sameSet(linkedCodes(/^- Final: (.*)$/m), final);
});

test('the reference lists every warning code', () => {
  sameSet(linkedCodes(/^## Warnings\n(.*?)^## /ms), facts.warningCodes);
});

test('troubleshooting has a section for each code, and for no other', () => {
  const [, errors = '', warnings = ''] = troubleshooting.prose.split(
    /^## (?:Error|Warning) codes$/m,
  );
  const sections = (text: string) =>
    [...text.matchAll(/^### (.+)$/gm)].map(([, name = '']) => name);
  sameSet(sections(errors), facts.errorCodes);
  sameSet(sections(warnings), facts.warningCodes);
  for (const text of `${errors}${warnings}`.split(/^### /m).slice(1)) {
    const [name] = text.split('\n');
    assert.match(text, /\*\*Cause\.\*\*/, name);
    assert.match(text, /\*\*Fix\.\*\*/, name);
  }
  for (const name of facts.retryableCodes) {
    assert.match(errors, new RegExp(`^### ${name}\\n\\n\\*\\*Retryable\\.\\*\\*`, 'm'));
  }
  assert.equal(errors.match(/\*\*Retryable\.\*\*/g)?.length, facts.retryableCodes.length);
});

test('the languages page lists every text', () => {
  sameSet(listed(page('docs/languages.md'), 'Write your own texts'), Object.keys(ENGLISH));
});

test('the session page gives the times and limits that are in force', () => {
  const items = [
    ...section(page('docs/session.md'), 'Times and limits').matchAll(/^- (.+?): (.+)$/gm),
  ];
  const said = new Map(items.map(([, label = '', text = '']) => [label, text]));
  const s = (ms: number) => String(ms / 1000);
  const expected: Record<string, (string | number)[]> = {
    'One attempt': [s(RETRY.attemptTimeoutMs)],
    'Attempts of one': [RETRY.attempts, s(RETRY.budgetMs)],
    'Pause after': [s(RETRY.baseMs), s(RETRY.capMs)],
    'Further retries': [s(RETRY.backgroundMinMs), s(RETRY.backgroundMaxMs)],
    '`Retry-After`': [s(RETRY.maxRetryAfterMs)],
    'From launch': [s(DEFAULTS.readyTimeout)],
    'Refreshed on waking': [REFRESH.dueShare * 100],
    'Early requests': [REFRESH.burst, s(REFRESH.refillMs)],
    'Expired token': [s(REFRESH.graceMs)],
  };
  for (const [label, numbers] of Object.entries(expected)) {
    const [, text] = [...said].find(([item]) => item.startsWith(label)) ?? [];
    assert.ok(text, `no item "${label}"`);
    assert.deepEqual(
      text.match(/\d+(\.\d+)?/g)?.slice(0, numbers.length),
      numbers.map(String),
      label,
    );
  }
});

/** The audience of a machine JWT, and the host name of an emulator in a container network. */
const NO_EVENTS = ['meshes-api', 'meshes-emulator'];

test('every page uses names that exist', () => {
  const known: [pattern: RegExp, names: readonly string[]][] = [
    [
      /(?<![\w/-])(meshes-(?!workspace\b)[a-z]+(?:-[a-z]+)*)(?![\w.])/g,
      [...facts.events.keys(), ...NO_EVENTS],
    ],
    [/(--meshes-workspace-[a-z]+(?:-[a-z]+)*)/g, facts.cssProperties],
    [/::part\(([\w-]+)\)/g, facts.parts],
    [/(?<=meshes-workspace|`):state\(([\w-]+)\)/g, facts.cssStates],
    [/slot="([\w-]+)"/g, facts.slots],
  ];
  for (const {name, prose, samples} of pages) {
    const text = [prose, ...samples.map(sample => sample.code)].join('\n');
    for (const [pattern, names] of known) {
      const unknown = [...text.matchAll(pattern)].filter(([, found]) => !names.includes(found!));
      assert.deepEqual(
        unknown.map(([, found]) => found),
        [],
        name,
      );
    }
  }
});

test('every tag in a sample has attributes that exist', () => {
  const common = ['id', 'class', 'slot', 'style', 'title', 'lang', 'dir', 'hidden'];
  for (const {code: text, place} of pages.flatMap(({samples}) => samples)) {
    for (const [, tag = ''] of text.matchAll(
      /<meshes-workspace\b((?:"[^"]*"|'[^']*'|\{[^}]*\}|[^>])*)>/g,
    )) {
      // What frameworks bind has a spelling of its own, and tests of its own.
      const names = tag.replace(/"[^"]*"|'[^']*'/g, '""');
      for (const [, name = ''] of names.matchAll(/(?<=\s)([a-z][a-z-]*)(?==|\s|$)/g)) {
        if (place.startsWith('docs/frameworks/') && /^(ref|onmeshes-[a-z-]+)$/.test(name)) continue;
        assert.ok([...Object.keys(attributes), ...common].includes(name), `${place}: ${name}`);
      }
    }
  }
});

test('CONTRIBUTING explains each script, and every script that a page names exists', () => {
  const {scripts} = JSON.parse(readText('package.json')) as {scripts: Record<string, string>};
  const short = (name: string) => (['start', 'test'].includes(name) ? name : `run ${name}`);
  sameSet(
    table(page('CONTRIBUTING.md'), 'Scripts').map(([name]) => code(name)),
    Object.keys(scripts).map(name => `npm ${short(name)}`),
  );
  for (const {name, prose, samples} of pages) {
    const text = [prose, ...samples.map(sample => sample.code)].join('\n');
    for (const [, script = ''] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      assert.ok(script in scripts, `${name}: npm run ${script}`);
    }
  }
});

test('the reference lists every entry point', () => {
  const {exports} = JSON.parse(readText('package.json')) as {exports: Record<string, unknown>};
  const entries = Object.keys(exports)
    .filter(name => !name.endsWith('.json'))
    .map(name => name.replace(/^\./, 'meshes-workspace'));
  const patterns = listed(referencePage, 'Entry points').map(name => name.replace(/\*$/, ''));
  const covers = (pattern: string, entry: string) =>
    pattern.endsWith('/') ? entry.startsWith(pattern) : entry === pattern;
  const missing = entries.filter(entry => !patterns.some(pattern => covers(pattern, entry)));
  const extra = patterns.filter(pattern => !entries.some(entry => covers(pattern, entry)));
  assert.deepEqual({missing, extra}, {missing: [], extra: []});
});

test('the reference names every value and type that the element exports', () => {
  const [, text] = items('Entry points').find(([name]) => name === 'meshes-workspace')!;
  sameSet(
    [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    facts.exported,
  );
});
