/** `npm run guards` takes minutes. These tests check at any time that it can remove every guard. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {GUARDS} from '../../scripts/measure/guards/guard-list.js';
import {
  findMarkers,
  markerOf,
  removeStatement,
  replaceArgument,
  replaceCondition,
  withoutGuard,
} from '../../scripts/measure/guards/marked-code.js';

const markers = findMarkers('.');

describe('npm run guards', () => {
  for (const guard of GUARDS) {
    it(`removes the guard "${guard.name}", and lists tests that must fail without it`, () => {
      const {file} = markerOf(guard, markers);
      withoutGuard(guard, file, readFileSync(file, 'utf8'));
      const tests = [...(guard.node ?? []), ...(guard.browser ?? [])];
      assert.ok(tests.length > 0);
      for (const test of tests) assert.ok(existsSync(test), test);
    });
  }

  it('lists every guard that is marked in src/', () => {
    const unknown = markers.filter(({name}) => !GUARDS.some(guard => guard.name === name));
    assert.deepEqual(unknown, [], 'scripts/measure/guards/guard-list.ts lacks these');
  });
});

describe('the removal of a guard', () => {
  const post = {name: 'post', change: replaceArgument('postMessage', 1, "'*'")};
  const source = (code: string) =>
    `function send() {\n  // guard(post): one origin\n  ${code}\n}\n`;

  for (const [before, after] of [
    ['frame?.postMessage(message, origin);', "frame?.postMessage(message, '*');"],
    ['view.postMessage(data, own);', "view.postMessage(data, '*');"],
    [
      'view\n    .postMessage({a, b},\n      own, /* none */);',
      "view\n    .postMessage({a, b},\n      '*', /* none */);",
    ],
    [
      '// For the frame.\n  if (view) view.postMessage(a, b);',
      "// For the frame.\n  if (view) view.postMessage(a, '*');",
    ],
  ] as const) {
    it(`finds the argument of a guarded call in ${JSON.stringify(before)}`, () => {
      assert.equal(withoutGuard(post, 'src/a.ts', source(before)), source(after));
    });
  }

  it('removes one statement, and leaves the next one', () => {
    const end = {name: 'end', change: removeStatement};
    const text = '// guard(end): all ends\ncontroller.abort();\nrest();\n';
    assert.match(withoutGuard(end, 'src/a.ts', text), /^\/\/ guard.*\n\nrest\(\);\n$/);
  });

  it('replaces a condition, and leaves both branches', () => {
    const rate = {name: 'rate', change: replaceCondition('false')};
    const text = '// guard(rate): limited\nif (gate) gate.pass();\nelse serve();\n';
    assert.match(withoutGuard(rate, 'src/a.ts', text), /\nif \(false\) gate\.pass\(\);\nelse /);
  });

  it('names the guard, the file and the missing structure if the guarded code has changed', () => {
    const problem =
      'The guard "post" cannot be removed: the code after "// guard(post)" in src/a.ts';
    for (const [code, missing] of [
      ['frame.send(message, origin);', 'has no call of postMessage() with 2 or more arguments'],
      ['frame.postMessage(message);', 'has no call of postMessage() with 2 or more arguments'],
      ['', 'is missing'],
    ] as const) {
      assert.throws(
        () => withoutGuard(post, 'src/a.ts', source(code)),
        (error: Error) => error.message.startsWith(`${problem} ${missing}. `),
        code,
      );
    }
  });

  it('fails if the source without the guard is unchanged or does not compile', () => {
    const text = source('frame.postMessage(message, origin);');
    for (const [by, problem] of [
      ['origin', 'the same'],
      ["'*", 'no valid TypeScript'],
    ] as const) {
      const guard = {name: 'post', change: replaceArgument('postMessage', 1, by)};
      assert.throws(
        () => withoutGuard(guard, 'src/a.ts', text),
        new RegExp(`src/a.ts is ${problem}`),
      );
    }
  });

  it('fails if a guard has no marker or more than one', () => {
    const marker = {name: 'post', what: 'one origin', file: 'src/a.ts'};
    assert.throws(() => markerOf(post, []), /guard\(post\): …" must be in src\/ once.* 0 times/);
    assert.throws(() => markerOf(post, [marker, marker]), /2 times/);
    assert.equal(markerOf(post, [marker]), marker);
  });
});
