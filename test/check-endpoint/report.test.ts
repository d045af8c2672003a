import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {formatJson, formatText} from '../../src/check-endpoint/report.js';
import {PROBES} from '../../src/check-endpoint/probes/index.js';
import type {Status} from '../../src/check-endpoint/outcome.js';
import type {Result} from '../../src/check-endpoint/run-probes.js';
import {sectionUrl} from '../../src/check-endpoint/sections.js';

const endpoint = new URL('https://app.example/api/session?key=canary#canary');
const result = (status: Status): Result => ({
  created: 7,
  ended: 5,
  findings: PROBES.map(({id, title, expected, why, section}) => ({
    id,
    title,
    status,
    seen: 'a long text that does not fit into one line of the terminal of anybody who reads it',
    expected,
    why,
    section: `https://docs.example/${sectionUrl(section)}`,
  })),
});

describe('the report in text', () => {
  for (const status of ['passed', 'failed', 'warning', 'unknown'] as const) {
    test(`prints lines of at most 80 columns for "${status}", apart from addresses`, () => {
      const lines = formatText(endpoint, result(status)).split('\n');
      assert.deepEqual(
        lines.filter(line => line.length > 80 && !/^ *https:\S+$/.test(line)),
        [],
      );
      assert.deepEqual(
        lines.filter(line => line !== line.trimEnd()),
        [],
      );
    });

    test(`names each check with "${status}"`, () => {
      const text = formatText(endpoint, result(status)).replace(/\s+/g, ' ');
      for (const {id, title} of PROBES) {
        const shown = {
          passed: `${id} ${title}`,
          failed: `FAILED ${id}: ${title}`,
          warning: `WARNING ${id}: ${title}`,
          unknown: id,
        };
        assert.ok(text.includes(shown[status]), id);
      }
    });
  }

  test('describes a failure: what was seen, what is expected, why, and where to read more', () => {
    const finding = {...result('failed').findings[0]!, seen: 'http'};
    const text = formatText(endpoint, {...result('failed'), findings: [finding]});
    assert.equal(
      text,
      `Session endpoint https://app.example/api/session

FAILED  transport: uses https, or http on a loopback host
  Seen      http
  Expected  https; http on a loopback host only
  Why       Anybody on the network can read tokens and cookies that are sent
            over http.
  See
  https://docs.example/docs/backend-http.md#what-it-expects

Checks    passed 0, failed 1, warnings 0, unknown 0
Sessions  created 7, ended 5; the others expire
`,
    );
  });

  test('groups unknown results by reason', () => {
    const [first, second, third] = result('unknown').findings;
    const findings = [
      {...first!, seen: 'Requires a user.'},
      {...second!, seen: 'Requires a route.'},
      {...third!, seen: 'Requires a user.'},
    ];
    assert.ok(
      formatText(endpoint, {...result('unknown'), findings}).includes(`
Unknown: could not be checked
  Requires a user.
    ${first!.id}, ${third!.id}
  Requires a route.
    ${second!.id}
`),
    );
  });

  test('does not print the query and the fragment of the URL', () => {
    const {findings} = result('passed');
    for (const format of [formatText, formatJson]) {
      assert.doesNotMatch(format(endpoint, {findings, created: 1, ended: 1}), /canary/);
    }
  });
});

test('the report in JSON counts what it lists', () => {
  const findings = [result('failed').findings[0]!, ...result('warning').findings.slice(1, 3)];
  const report = JSON.parse(formatJson(endpoint, {findings, created: 2, ended: 1}));
  assert.deepEqual(report, {
    endpoint: 'https://app.example/api/session',
    summary: {passed: 0, failed: 1, warnings: 2, unknown: 0},
    sessions: {created: 2, ended: 1},
    findings,
  });
});
