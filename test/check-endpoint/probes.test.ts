/** Probes for which no endpoint on this machine can be bent. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Endpoint} from '../../src/check-endpoint/endpoint.js';
import {PROBES} from '../../src/check-endpoint/probes/index.js';
import type {Answer, NoAnswer, Reply} from '../../src/check-endpoint/exchange.js';
import {readOptions} from '../../src/check-endpoint/options.js';
import {SECTIONS, sectionUrl} from '../../src/check-endpoint/sections.js';
import {Sessions} from '../../src/check-endpoint/sessions.js';
import {page} from '../docs/support/markdown.js';

/** Runs a probe with an endpoint that answers what the test says. */
async function runProbe(
  id: string,
  args: readonly string[],
  replies: readonly Reply[] = [],
  secrets: readonly string[] = [],
) {
  const {settings} = readOptions(args)!;
  const endpoint = new Endpoint(settings);
  let next = 0;
  endpoint.postOnce = () => {
    const reply = replies[next++]!;
    endpoint.replies.push(reply);
    for (const secret of secrets) endpoint.secrets.add(secret);
    return Promise.resolve(reply);
  };
  const probe = PROBES.find(candidate => candidate.id === id)!;
  return probe.run({endpoint, sessions: new Sessions(endpoint), now: Date.now});
}

const session = (durationMs: number): Answer => ({
  kind: 'answer',
  status: 200,
  headers: {'content-type': 'application/json'},
  setCookies: [],
  body: '{"session_id": "a", "access_token": "b", "launch_url": "https://embed.meshes.io/"}',
  isTooLong: false,
  durationMs,
});

describe('the transport', () => {
  for (const [status, args] of [
    ['passed', ['https://app.example/session']],
    ['passed', ['http://localhost:3000/session']],
    ['passed', ['http://[::1]:3000/session']],
    ['failed', ['http://app.example/session']],
    ['failed', ['http://localhost.app.example/session']],
    ['failed', ['https://app.example/session', '--sign-out', 'http://app.example/sign-out']],
    ['failed', ['https://app.example/a', '--refresh-endpoint', 'http://app.example/b']],
  ] as const) {
    test(`reports the transport as ${status} for ${args.join(' ')}`, async () => {
      assert.equal((await runProbe('transport', args)).status, status);
    });
  }
});

test('finds an access key in a response, but not in the random text of a token', async () => {
  const text = 'dG9rZW4-mk_YWNjZXNzLWtleS1vZi1NZXNoZXM';
  const replies = [{...session(10), body: session(10).body.replace('"b"', JSON.stringify(text))}];
  const args = ['https://app.example/session', '--cookie', 'user=ada'];
  assert.equal((await runProbe('no-secrets', args, replies, [text])).status, 'passed');
  assert.equal((await runProbe('no-secrets', args, replies)).status, 'failed');
});

describe('the time that an answer takes', () => {
  const args = ['https://app.example/session', '--cookie', 'user=ada'];
  test('accepts an answer after up to 5 s', async () => {
    const replies = [session(10), session(5000)];
    assert.equal((await runProbe('answer-time', args, replies)).status, 'passed');
  });

  test('warns of an answer to either request after more than 5 s', async () => {
    for (const replies of [
      [session(5001), session(10)],
      [session(10), session(5001)],
    ]) {
      assert.equal((await runProbe('answer-time', args, replies)).status, 'warning');
    }
  });
});

describe('the launch URL', () => {
  const args = ['https://app.example/session', '--cookie', 'user=ada'];
  const withUrl = (url: string): Answer => ({
    ...session(1),
    body: JSON.stringify({session_id: 'a', access_token: 'b', launch_url: url}),
  });
  for (const [url, options, status] of [
    ['https://embed.meshes.io/workspace', [], 'passed'],
    ['https://embed.example/workspace', [], 'unknown'],
    ['https://embed.example/workspace', ['--embed-origin', 'https://embed.example'], 'passed'],
    ['https://embed.meshes.io/workspace', ['--embed-origin', 'https://embed.example'], 'failed'],
    ['http://127.0.0.1:4601/workspace', [], 'failed'],
    ['https://app.example/workspace', [], 'failed'],
    ['/workspace', [], 'failed'],
  ] as const) {
    test(`reports the launch URL ${url} as ${status} with the options ${options.join(' ')}`, async () => {
      const outcome = await runProbe('launch-url', [...args, ...options], [withUrl(url)]);
      assert.equal(outcome.status, status);
    });
  }
});

describe('the lifetime of a token', () => {
  const args = ['https://app.example/session', '--cookie', 'user=ada'];
  for (const [lifetime, status] of [
    [{expires_in: 1800}, 'passed'],
    [{expires_in: 0.5}, 'passed'],
    [{expires_in: 1800, expires_at: 'soon'}, 'passed'],
    [{expires_in: null, expires_at: '2099-01-01T00:00:00.123Z'}, 'passed'],
    [{expires_at: '2099-01-01T00:00:00+02:00'}, 'passed'],
    [{expires_at: '2030-06-01T12:30:00'}, 'passed'],
    [{expires_at: '2030-06-01T11:30:00'}, 'failed'],
    [{expires_at: '2030-06-01T13:30:00+02:00'}, 'failed'],
    [{expires_in: 0}, 'failed'],
    [{expires_in: -1}, 'failed'],
    [{expires_in: true}, 'failed'],
    [{expires_at: '2099-99-99T00:00:00Z'}, 'failed'],
    [{expires_at: {}}, 'failed'],
    [{expires_in: '1800'}, 'warning'],
    [{expires_at: '2099-01-01 00:00:00'}, 'warning'],
    [{expires_at: 4_000_000_000_000}, 'warning'],
  ] as const) {
    test(`reports the lifetime ${JSON.stringify(lifetime)} as ${status} at noon`, async () => {
      const answer = session(1);
      answer.headers['date'] = 'Sat, 01 Jun 2030 12:00:00 GMT';
      answer.body = JSON.stringify({...(JSON.parse(answer.body) as object), ...lifetime});
      assert.equal((await runProbe('session-lifetime', args, [answer])).status, status);
    });
  }
});

describe('the CORS headers of an answer', () => {
  const args = ['https://app.example/session'];
  for (const [header, shown] of [
    ['https://app.example:1', 'https://app.example:1'],
    ['https://app.example@check-endpoint.invalid', 'not an origin'],
    ['canary canary', 'not an origin'],
  ] as const) {
    test(`shows the header "${header}" as ${shown}`, async () => {
      const answer: Answer = {...session(1), headers: {'access-control-allow-origin': header}};
      const {status, seen} = await runProbe('cors', args, Array<Answer>(4).fill(answer));
      assert.equal(status, 'failed');
      assert.match(seen, new RegExp(`^Access-Control-Allow-Origin: ${shown}\\. A development`));
    });
  }
});

describe('an endpoint that waits for a body', () => {
  const args = ['https://app.example/session', '--cookie', 'user=ada'];
  const silent = (reason: NoAnswer['reason']): NoAnswer => ({
    kind: 'none',
    reason,
    code: '',
    durationMs: 1,
  });

  test('passes if the server closes the connection', async () => {
    const outcome = await runProbe('slow-body', args, [session(1), silent('closed')]);
    assert.equal(outcome.status, 'passed');
  });

  test('says which limits to set if the server waits longer than the check', async () => {
    const {status, seen} = await runProbe('slow-body', args, [session(1), silent('timeout')]);
    assert.equal(status, 'unknown');
    assert.match(seen, /after 13 s\. Set a time limit for requests in the server or its proxy\./);
    assert.match(seen, /set requestTimeout, headersTimeout, and connectionsCheckingInterval/);
  });
});

describe('an endpoint that limits the rate', () => {
  const limited = (seconds: string): Answer => ({
    ...session(1),
    status: 429,
    headers: {'retry-after': seconds},
    body: '{}',
  });
  const args = ['https://app.example/session', '--cookie', 'user=ada'];

  test('asks an endpoint that answers 429 again after the time in Retry-After', async () => {
    const outcome = await runProbe('session-created', args, [limited('0'), session(1)]);
    assert.equal(outcome.status, 'passed');
  });

  for (const [name, replies] of [
    ['again', [limited('0'), limited('0')]],
    ['for a long time', [limited('3600')]],
  ] as const) {
    test(`leaves a probe unknown if the endpoint answers 429 ${name}`, async () => {
      await assert.rejects(runProbe('session-created', args, replies), /limits the rate/);
    });
  }
});

describe('the sections that cure what is found', () => {
  const {anchors} = page('docs/backend-http.md');
  for (const [name, anchor] of Object.entries(SECTIONS)) {
    test(`docs/backend-http.md has the section of the probes about ${name}`, () => {
      assert.ok(anchors.has(anchor), anchor);
    });
  }

  test('each section is used by a probe, and has an address', () => {
    const used = new Set(PROBES.map(({section}) => section));
    assert.deepEqual([...used].sort(), Object.keys(SECTIONS).sort());
    assert.match(sectionUrl('csrf'), /\/backend-http\.md#csrf$/);
  });
});
