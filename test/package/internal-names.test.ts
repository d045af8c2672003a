/** Which property names the build of the CDN files shortens. */
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {findInternalNames} from '../../scripts/internal-names.mjs';

let folder: string;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'internal-names-'));
  mkdirSync(path.join(folder, 'src'));
  const compilerOptions = {target: 'ES2022', lib: ['ES2022', 'DOM'], types: [], strict: true};
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({compilerOptions}));
});
after(() => rmSync(folder, {recursive: true}));

/** The internal names of a package with this one module. */
function namesIn(code: string): string[] {
  const entry = path.join(folder, 'src/entry.ts');
  writeFileSync(entry, code);
  return findInternalNames({
    tsconfig: path.join(folder, 'tsconfig.json'),
    folder: path.join(folder, 'src'),
    entries: [entry],
  });
}

describe('the names that a CDN file shortens', () => {
  test('a name that only the module uses is internal, also in classes, patterns, and unions', () => {
    const code = `
      type Outcome = {done: true; result: number} | {done: false};
      class Counter {
        total = 0;
        #hidden = {inner: 1};
        add({step, ...rest}: {step: number; other?: string}) { this.total += step + this.#hidden.inner; return rest; }
      }
      function use(outcome: Outcome) { return outcome.done ? outcome.result : 0; }
      export function run() { new Counter().add({step: use({done: true, result: 2})}); }
    `;
    assert.deepEqual(namesIn(code), ['add', 'done', 'inner', 'result', 'step', 'total']);
  });

  test('a name is internal without any of the exposures below', () => {
    const code = 'const a = {secret: 1}; export const f = () => { a.secret += 1; };';
    assert.deepEqual(namesIn(code), ['secret']);
  });

  const exposures: readonly [title: string, code: string][] = [
    ['is a member of an exported class', 'export class A { secret = 1; }'],
    [
      'is a field of a type that an exported function takes',
      'interface Options { secret: number } export function f({secret}: Options) { return secret; }',
    ],
    [
      'is deep inside of an exported type',
      'export interface A { list: Promise<{secret: number}[]> } const a = {secret: 1}; export const b = (x: A) => x.list.then(([y]) => y === a);',
    ],
    [
      'is part of a message that is posted',
      'const message = {secret: 1}; export function f(w: Window) { w.postMessage(message, "*"); }',
    ],
    [
      'is part of what is written as JSON',
      'const body = {a: {secret: 1}}; export const f = () => JSON.stringify(body);',
    ],
    [
      'is the name of a property of the DOM, too',
      'const size = {clientWidth: 1}; export const f = (e: Element) => size.clientWidth + e.clientWidth;',
    ],
    [
      'is a key of a record',
      'export const f = () => { const r: Record<string, number> = {secret: 1}; return r; };',
    ],
    [
      'is read from a record',
      'export function f(r: Record<string, number>) { const {secret} = r; const own = {secret}; return own.secret; }',
    ],
    [
      'is only read',
      'interface Host { size: number; secret?: number } const a: Host = {size: 1}; let b; export const f = () => (b = a.secret);',
    ],
    [
      'is also a text in the code',
      "const a = {secret: 1}; export const f = () => 'secret' in a && a.secret;",
    ],
    [
      'is a field of an object that is read by a computed name',
      'const a = {secret: 1, other: 2}; export const f = (k: "secret" | "other") => a[k] + a.secret;',
    ],
    [
      'is a field of a type that a value from elsewhere is asserted to have',
      'interface A { secret: number } export const f = (e: CustomEvent) => (e.detail as A).secret;',
    ],
  ];
  for (const [title, code] of exposures) {
    test(`a name is not internal if it ${title}`, () => {
      assert.doesNotMatch(namesIn(code).join(' '), /secret|clientWidth/);
    });
  }
});
