import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';

type Conditions = Record<string, string>;

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  name: string;
  main: string;
  module: string;
  browser: Record<string, string>;
  types: string;
  unpkg: string;
  jsdelivr: string;
  sideEffects: string[];
  exports: Record<string, string | Conditions>;
};

/** Each entry point with its conditions. A pattern stands for one entry point per source file. */
const entries = Object.entries(manifest.exports)
  .filter((entry): entry is [string, Conditions] => typeof entry[1] === 'object')
  .flatMap(([subpath, conditions]) =>
    subpath.includes('*') ? expand(subpath, conditions) : [[subpath, conditions] as const],
  );

function expand(pattern: string, conditions: Conditions): (readonly [string, Conditions])[] {
  const files = readdirSync(pattern.replace('./', 'src/').replace('/*', ''));
  assert.notEqual(files.length, 0);
  return files
    .map(file => path.basename(file, '.ts'))
    .map(name => {
      const expanded = Object.entries(conditions).map(([condition, target]) => [
        condition,
        target.replace('*', name),
      ]);
      return [pattern.replace('*', name), Object.fromEntries(expanded) as Conditions] as const;
    });
}

const entryPoints = entries.map(([subpath, conditions]) => ({
  specifier: subpath.replace('.', manifest.name),
  conditions,
}));

/** Imports the specifier in a Node process of its own, as a server would, and answers the names that it exports. */
function importUnder(specifier: string, conditions: string[] = []): string[] {
  const script = `console.log(JSON.stringify(Object.keys(await import('${specifier}'))))`;
  const output = execFileSync(
    process.execPath,
    [...conditions.map(name => `--conditions=${name}`), '--input-type=module', '--eval', script],
    {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, NODE_OPTIONS: ''}},
  );
  return JSON.parse(output) as string[];
}

test('every file that package.json names exists', () => {
  const {types, unpkg, jsdelivr, sideEffects} = manifest;
  const named = entryPoints.flatMap(({conditions}) => Object.values(conditions));
  const literal = sideEffects.filter(file => !file.includes('*'));
  for (const file of [types, unpkg, jsdelivr, ...literal, ...named]) {
    assert.ok(existsSync(file), `${file} is missing`);
  }
});

/** Entries that run in Node only. */
const IN_NODE = ['./server/node', './emulator', './emulator/vite', './testing/playwright'];

/** For bundlers that do not read `exports`, such as Parcel 2 with its default settings. */
test('the browser field and main lead to the same files as exports, for pages', () => {
  const {main, module, browser, exports} = manifest;
  const root = (exports['.'] as Conditions).default;
  assert.deepEqual([main, module], [root, root]);
  const forPages = entries
    .filter(([subpath]) => subpath !== '.' && !IN_NODE.includes(subpath))
    .map(([subpath, conditions]) => [subpath, conditions.browser ?? conditions.default]);
  assert.deepEqual(browser, Object.fromEntries(forPages));
});

for (const {specifier, conditions} of entryPoints) {
  // test/react imports the wrapper together with React, which is not here.
  if (!conditions.default?.endsWith('.js') || specifier === `${manifest.name}/react`) continue;

  test(`${specifier} can be imported in Node without a DOM`, () => {
    const isDeclaration = specifier.includes('/types/');
    assert.equal(importUnder(specifier).length === 0, isDeclaration);
  });

  for (const name of ['edge-light', 'workerd', 'worker'].filter(name => name in conditions)) {
    test(`${specifier} can be imported with the condition "${name}"`, () => {
      assert.doesNotThrow(() => importUnder(specifier, [name]));
    });
  }
}

test('the session endpoint throws in a bundle for a browser, and names the page for tests in Vitest', () => {
  assert.throws(
    () => importUnder(`${manifest.name}/server`, ['browser']),
    /loaded in a browser.* In Vitest, see https:\S+\/testing-reference\.md#vitest/,
  );
});

test('the test double can be imported without a DOM with the condition "browser"', () => {
  assert.ok(importUnder(`${manifest.name}/testing`, ['browser']).includes('installTestWorkspace'));
});
