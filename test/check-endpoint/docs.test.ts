/** The pages about check-endpoint list what the code has. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {USAGE} from '../../src/check-endpoint/options.js';
import {PROBES} from '../../src/check-endpoint/probes/index.js';
import {code, page, table} from '../docs/support/markdown.js';

const document = page('docs/check-endpoint.md');

test('docs/maintainers/check-endpoint.md lists each check with what is expected', () => {
  assert.deepEqual(
    table(page('docs/maintainers/check-endpoint.md'), 'The checks').map(([id, title, expected]) => [
      code(id),
      title,
      expected,
    ]),
    PROBES.map(({id, title, expected}) => [id, title, expected]),
  );
});

test('docs/check-endpoint.md names only options of the help, and the CSRF check by its name', () => {
  const text = [document.prose, ...document.samples.map(sample => sample.code)].join('\n');
  const named = new Set([...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option));
  assert.ok(named.size > 8);
  const known = [...USAGE.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
  assert.deepEqual(
    [...named].filter(option => !known.includes(option)),
    [],
  );
  assert.match(document.prose, /`csrf-layer` fails/);
  assert.ok(PROBES.some(({id}) => id === 'csrf-layer'));
});

test('docs/check-endpoint.md has the exit codes of the help', () => {
  assert.match(USAGE, /0 if no check failed .* 1 if a check\s+failed, 2 if/);
  assert.match(
    document.prose,
    /exit code is 0 if no check failed, and 1 if a check failed. It is 2 if/,
  );
});
