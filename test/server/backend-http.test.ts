/** docs/backend-http.md specifies what the hostile cases expect, and its sample does what the page says. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {code, page, table} from '../docs/support/markdown.js';
import {readSamples} from './support/doc-samples.js';
import {GRANTS, MESHES_FAULTS, REFUSED_REQUESTS} from './support/hostile-cases.js';

const specified = new Map(
  table(page('docs/backend-http.md'), 'Every situation').map(
    ([, status, name, retryable]) => [code(name), `${status} ${code(retryable)}`] as const,
  ),
);

test('docs/backend-http.md specifies each refusal that the hostile cases expect', () => {
  const refusals = [
    ...REFUSED_REQUESTS.map(({refusal}) => refusal),
    ...GRANTS.flatMap(({refusal}) => refusal ?? []),
    ...MESHES_FAULTS.flatMap(({create, refresh}) => [create, refresh ?? create]),
  ];
  for (const {code, status, retryable} of refusals) {
    assert.equal(specified.get(code), `${status} ${retryable}`, code);
  }
});

test('the Python sample answers with the codes of docs/backend-http.md, and no others', () => {
  const sample = readSamples('backend-http.md').get('meshes_backend.py') ?? '';
  for (const name of specified.keys()) assert.ok(sample.includes(`"${name}"`), name);
  const literal = [...sample.matchAll(/Problem\((\d{3}), "(\w+)"(, retryable=True)?/g)];
  assert.ok(literal.length > 20);
  for (const [, status, name = '', retryable] of literal) {
    assert.equal(specified.get(name), `${status} ${retryable !== undefined}`, name);
  }
});
