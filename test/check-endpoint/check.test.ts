/** The check with different options, against an endpoint that keeps all rules. */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../src/emulator/index.js';
import {PROBES} from '../../src/check-endpoint/probes/index.js';
import {allOptions, basicOptions, COOKIE, REPORTED, withEndpoint} from './support/bends.js';
import type {Bend} from './support/bent-endpoint.js';
import {check, checkQuickly, type Report, runCheck, seenOf} from './support/check.js';

/** Shown without an endpoint, in probes.test.ts. */
const ELSEWHERE = ['transport', 'answer-time'];

describe('the check of an endpoint', () => {
  let emulator: Emulator;
  before(async () => (emulator = await createEmulator({port: 0})));
  after(() => emulator.close());

  test('passes all probes of an endpoint that keeps the rules, and ends its sessions', () =>
    withEndpoint(emulator, [], async endpoint => {
      const report = await check(await allOptions(endpoint));
      assert.deepEqual(seenOf(report, 'failed', 'warning', 'unknown'), []);
      assert.equal(report.exitCode, 0);
      assert.equal(report.summary.passed, PROBES.length);
      assert.ok(report.sessions.created > 5);
      assert.equal(report.sessions.ended, report.sessions.created);
    }));

  test('each probe has a bent rule that it reports', () => {
    const ids = Object.values(REPORTED)
      .flat()
      .map(id => id.replace(' (warning)', ''));
    const shown = new Set([...ids, ...ELSEWHERE]);
    assert.deepEqual(
      PROBES.map(({id}) => id).filter(id => !shown.has(id)),
      [],
    );
  });

  test('no two probes have the same ID or title', () => {
    assert.equal(new Set(PROBES.map(({id}) => id)).size, PROBES.length);
    assert.equal(new Set(PROBES.map(({title}) => title)).size, PROBES.length);
  });

  test('warns of a session_id without a time, even if no old one is known', () =>
    withEndpoint(emulator, ['handle: no time'], async endpoint => {
      const report = await check(basicOptions(endpoint));
      assert.match(String(seenOf(report, 'warning')), /^session-id-old: .*--old-session-id/);
      assert.equal(report.exitCode, 0);
    }));

  for (const [bend, allowed] of [
    ['cors: *', '*'],
    ['cors: null', 'null'],
    // The first request that the probes send from another origin.
    ['cors: any origin', 'https://check-endpoint.invalid'],
  ] satisfies [bend: Bend, allowed: string][]) {
    test(`names the origin that "${bend}" allows, and a development server as a possible cause`, () =>
      withEndpoint(emulator, [bend], async endpoint => {
        const {findings} = await checkQuickly(basicOptions(endpoint));
        const {seen} = findings.find(({id}) => id === 'cors')!;
        assert.equal(
          seen,
          `Access-Control-Allow-Origin: ${allowed}. A development server, such as Vite, may add this header.`,
        );
      }));
  }

  test('does not know whether the launch page is right if another one opens', async () => {
    const bend: Bend = 'created: another launch page';
    const report = await withEndpoint(emulator, [bend], async endpoint =>
      check(await allOptions(endpoint)),
    );
    assert.match(String(seenOf(report, 'unknown')), /^launch-page: Another page opens/);
  });

  test('names the option that is missing for each probe that is unknown', () =>
    withEndpoint(emulator, [], async endpoint => {
      const report = await check([`${endpoint.origin}/session`, '--cookie', COOKIE]);
      assert.deepEqual(
        seenOf(report, 'unknown').map(line => line.replace(/^(\S+): .*(--[\w-]+)[ .].*$/, '$1 $2')),
        [
          'other-user --other-cookie',
          'session-id-old --old-session-id',
          'rights-changed --changed-session-id',
          'rate-limit --burst',
          'sign-out-foreign --sign-out',
          'sign-out-other-user --sign-out',
          'sign-out --sign-out',
          'no-meshes-texts --burst',
        ],
      );
      assert.deepEqual(seenOf(report, 'failed', 'warning'), []);
      assert.equal(report.exitCode, 0);
      assert.equal(report.sessions.ended, 0);
    }));

  test('passes only what needs no user if nobody is signed in', () =>
    withEndpoint(emulator, [], async endpoint => {
      const report = await check([`${endpoint.origin}/session`]);
      assert.deepEqual(
        report.findings.filter(({status}) => status === 'passed').map(({id}) => id),
        ['transport', 'signed-out', 'problem-document', 'problem-retryable', 'cors', 'no-secrets'],
      );
      assert.match(String(seenOf(report, 'unknown')), /session-created: .*--cookie or --header/);
      assert.equal(report.exitCode, 0);
    }));

  test('does not take the refusal of a wrong cookie for the refusal of an attack', () =>
    withEndpoint(emulator, [], async endpoint => {
      const report = await check([`${endpoint.origin}/session`, '--cookie', 'theme=dark']);
      assert.deepEqual(seenOf(report, 'failed'), [
        'session-created: 401, application/problem+json, code not_signed_in',
      ]);
      const origin = report.findings.find(({id}) => id === 'origin-foreign');
      assert.equal(origin?.status, 'unknown');
    }));

  test('does not take a second user who is not signed in for a refused one', () =>
    withEndpoint(emulator, [], async endpoint => {
      const report = await check([...basicOptions(endpoint), '--other-cookie', 'theme=dark']);
      assert.equal(report.findings.find(({id}) => id === 'other-user')?.status, 'passed');
      const other = await check([
        ...[`${endpoint.origin}/session`, '--cookie', COOKIE, '--other-cookie', 'theme=dark'],
      ]);
      const {status, seen} = other.findings.find(({id}) => id === 'other-user')!;
      assert.equal(status, 'unknown');
      assert.match(seen, /The user of --other-cookie receives no session/);
    }));

  test('check-endpoint asks whether both cookies belong to one user', () =>
    withEndpoint(emulator, [], async endpoint => {
      const report = await check([
        ...[`${endpoint.origin}/session`, '--cookie', COOKIE, '--other-cookie', 'user=ada'],
      ]);
      assert.match(String(seenOf(report, 'failed')), /^other-user: .*do both cookies belong/);
    }));

  describe('behind a CSRF layer', () => {
    const csrf = 'canary-csrf-token-1234';
    const checkWith = (options: (origin: string) => readonly string[]) =>
      withEndpoint(
        emulator,
        [],
        async endpoint => {
          const run = await runCheck([
            ...(await allOptions(endpoint)),
            ...options(endpoint.origin),
            '--json',
          ]);
          assert.doesNotMatch(run.out + run.error, /canary-csrf/);
          return {...(JSON.parse(run.out) as Report), exitCode: run.exitCode};
        },
        csrf,
      );

    test('names the CSRF layer that answers first, and the options for it', async () => {
      const report = await checkWith(() => []);
      const failures = seenOf(report, 'failed').join('\n');
      assert.match(failures, /^csrf-layer: .*by Django\. Pass --csrf-cookie csrftoken/m);
      assert.match(failures, /^session-created: .*CSRF layer of Django answered first/m);
      assert.equal(report.exitCode, 1);
      assert.equal(report.findings.find(({id}) => id === 'origin-foreign')?.status, 'unknown');
    });

    for (const [name, options] of [
      ['a <meta> of a page', ['--csrf-meta', 'csrf-token', '--page', '/page']],
      ['a cookie that a page sets', ['--csrf-cookie', 'csrftoken', '--page', '/page']],
    ] as const) {
      test(`passes all probes with the CSRF token of ${name}`, async () => {
        const report = await checkWith(() => options);
        assert.deepEqual(seenOf(report, 'failed', 'warning', 'unknown'), []);
        const layer = report.findings.find(({id}) => id === 'csrf-layer');
        assert.match(layer!.seen, /^without its token: 403/);
      });
    }

    test('takes the CSRF token from the cookies of the user', async () => {
      const report = await checkWith(() => [
        ...['--csrf-cookie', 'csrftoken', '--cookie', `csrftoken=${csrf}`],
      ]);
      assert.deepEqual(report.findings.find(({id}) => id === 'session-created')?.status, 'passed');
    });

    test('warns if the CSRF layer needs no token', () =>
      withEndpoint(emulator, [], async endpoint => {
        const report = await check([
          ...basicOptions(endpoint),
          ...['--csrf-cookie', 'csrftoken', '--cookie', 'csrftoken=canary-csrf'],
        ]);
        assert.deepEqual(seenOf(report, 'failed', 'warning'), [
          'csrf-layer: a session also without the CSRF token',
        ]);
      }));
  });
});
