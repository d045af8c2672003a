import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, test} from 'node:test';
import {readOptions, USAGE} from '../../src/check-endpoint/options.js';
import {runCheck} from './support/check.js';

const url = 'https://app.example/session';
const settingsOf = (...args: string[]) => readOptions([url, ...args])!.settings;

describe('the options of check-endpoint', () => {
  test('uses defaults for options that are missing', () => {
    const {endpoint, origin, headers, burst, timeoutMs, ...rest} = settingsOf();
    assert.equal(endpoint.href, url);
    assert.equal(origin, 'https://app.example');
    assert.deepEqual({headers, burst, timeoutMs}, {headers: {}, burst: 0, timeoutMs: 10_000});
    assert.deepEqual(
      Object.values(rest).filter(value => value !== undefined),
      [[]],
    );
  });

  test('resolves paths in options against the URL of the endpoint', () => {
    const settings = settingsOf('--sign-out', '/out', '--refresh-endpoint', '/r/{session_id}');
    assert.equal(settings.signOut?.href, 'https://app.example/out');
    assert.equal(settings.refreshEndpoint?.href, 'https://app.example/r/%7Bsession_id%7D');
  });

  test('joins repeated cookies and headers', () => {
    const args = [
      '--cookie',
      'a=1',
      '--cookie',
      'b=2; c=3',
      '--header',
      'X-A: 1',
      '--header',
      'x-b:2',
    ];
    const {cookie, headers} = settingsOf(...args);
    assert.equal(cookie, 'a=1; b=2; c=3');
    assert.deepEqual(headers, {'x-a': '1', 'x-b': '2'});
  });

  test('the help lists every option', async () => {
    const {exitCode, out} = await runCheck(['--help']);
    assert.equal(exitCode, 0);
    assert.equal(out, USAGE);
    assert.ok(USAGE.split('\n').every(line => line.length <= 80));
  });

  for (const [problem, args] of [
    ['The URL of the endpoint is missing.', []],
    ['Pass only one URL.', [url, 'canary=canary']],
    ['URL must be a URL', ['canary']],
    ['URL must be a URL', ['ftp://canary.example/']],
    ['URL must not contain a user name', ['https://canary:canary@app.example/']],
    ['--sign-out must be a URL', [url, '--sign-out', 'canary']],
    ['--canary is not an option.', [url, '--canary=secret']],
    ['The value of --cookie is missing or invalid.', [url, '--cookie']],
    ['The value of --cookie is missing or invalid.', [url, '--cookie', '--json']],
    ['The value of --json is missing or invalid.', [url, '--json=canary']],
    ['--cookie must have the form', [url, '--cookie', 'canary']],
    ['--cookie must have the form', [url, '--cookie', 'a=canary\r\nX: y']],
    ['--other-cookie requires --cookie', [url, '--other-cookie', 'a=canary']],
    ['--header must have the form', [url, '--header', 'canary']],
    ['--header must have the form', [url, '--header', 'X: a\nY: canary']],
    ['--header cannot set Cookie', [url, '--header', 'Cookie: a=canary']],
    ['--header cannot set Origin', [url, '--header', 'Origin: canary']],
    ['--header cannot set Sec-Fetch-Site', [url, '--header', 'Sec-Fetch-Site: canary']],
    ['--origin must be an origin', [url, '--origin', 'https://app.example/canary']],
    ['--embed-origin must be an origin', [url, '--embed-origin', 'canary']],
    ['--csrf-meta requires --page', [url, '--csrf-meta', 'canary']],
    ['require --csrf-meta or --csrf-cookie', [url, '--csrf-header', 'canary']],
    ['require --csrf-meta or --csrf-cookie', [url, '--page', '/canary']],
    [
      '--csrf-header must be a valid header name',
      [url, '--csrf-cookie', 'a', '--csrf-header', 'can ary'],
    ],
    ['--burst must be a whole number from 0 to 1000', [url, '--burst', '1001']],
    ['--timeout must be a whole number from 100', [url, '--timeout', '5 canary']],
  ] as const) {
    test(`exits with 2 for invalid options, and does not quote them: ${problem} ${args.length}`, async () => {
      const {exitCode, out, error} = await runCheck(args);
      assert.equal(exitCode, 2);
      assert.equal(out, '');
      assert.ok(error.startsWith(problem) || error.includes(problem), error);
      assert.doesNotMatch(error.replace('--canary is', ''), /canary|secret/);
    });
  }
});

describe('check-endpoint', () => {
  test('exits with 2 if no server responds at the URL', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const {port} = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    const {exitCode, out, error} = await runCheck([`http://127.0.0.1:${port}/canary?canary`]);
    assert.equal(exitCode, 2);
    assert.equal(out, '');
    assert.equal(
      error,
      'No server responds at this URL (ECONNREFUSED). Most likely, the application is not running.\n',
    );
  });

  test('puts the session ID into the address of the refresh endpoint, and sends it in the body', async () => {
    const seen: string[] = [];
    const server = createServer((req, res) => {
      let body = '';
      req.on('data', chunk => (body += String(chunk)));
      req.on('end', () => {
        seen.push(`${req.url} ${body}`);
        const session = {
          session_id: 'a/b',
          access_token: 'token',
          launch_url: 'https://a.example/',
        };
        res.setHeader('Content-Type', 'application/json').end(JSON.stringify(session));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const {port} = server.address() as AddressInfo;
    try {
      for (const path of ['/r/{session_id}/t', '/r/:sessionId/t', '/r/:sessionId']) {
        seen.splice(0);
        await runCheck([
          ...[`http://127.0.0.1:${port}/session`, '--cookie', 'a=1', '--timeout', '500'],
          ...['--refresh-endpoint', path],
        ]);
        const address = path.replace(/\{session_id\}|:sessionId/, 'a%2Fb');
        assert.ok(seen.includes(`${address} {"session_id":"a/b"}`), seen[1]);
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
