/** The check against the endpoints of this project, which must be free of findings: the server helper, its mounts, and the samples. */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../src/emulator/index.js';
import {mountEnvironment, mounts, programOf, writeMounts} from '../server/support/doc-mounts.js';
import type {SampleFolder} from '../server/support/doc-samples.js';
import type {Result} from '../../src/check-endpoint/run-probes.js';
import {createMeshesServer} from '../../src/server/index.js';
import {credentials, startSite, workspaceId} from '../server/support/site.js';
import {copySample, SAMPLE_APPS} from '../server/support/sample-apps.js';
import {minted} from '../server/support/stand-in-vendor.js';
import {spawnServer} from '../server/support/spawned-server.js';
import {findLanguage} from '../support/languages.mjs';
import {checkQuickly, checkSlowBody, seenOf} from './support/check.js';
import {optionsOf} from './support/sample-check.js';

const USERS = ['--cookie', 'user=ada', '--other-cookie', 'user=eve'];
/** What no check can see from outside without more options. */
const ALWAYS_UNKNOWN = ['session-id-old', 'rights-changed'];

function assertClean(report: Result, unknown: readonly string[]): void {
  assert.deepEqual(seenOf(report, 'failed', 'warning'), []);
  assert.deepEqual(
    report.findings.filter(({status}) => status === 'unknown').map(({id}) => id),
    [...unknown],
  );
}

/** For checks that end all sessions of a user, or that need a fault: the others share an emulator. */
async function withEmulator(use: (own: Emulator) => Promise<void>): Promise<void> {
  const own = await createEmulator({port: 0});
  try {
    await use(own);
  } finally {
    await own.close();
  }
}

/** Limits the rate of one refresh. */
function limitRate({control}: Emulator): void {
  control.addFault({
    route: 'POST /api/v1/sessions/:id/refresh',
    status: 429,
    retryAfter: '0',
    count: 1,
  });
}

describe('the check of the endpoints of this project', {concurrency: 4}, () => {
  let emulator: Emulator;
  let apiUrl: string;
  let folder: SampleFolder;
  let env: Record<string, string>;
  before(async () => {
    emulator = await createEmulator({port: 0});
    apiUrl = emulator.apiUrl;
    folder = writeMounts();
    env = mountEnvironment(apiUrl);
  });
  after(async () => {
    folder?.remove();
    await emulator.close();
  });

  test('passes the server helper with all options', () =>
    withEmulator(async own => {
      const HOUR_MS = 60 * 60 * 1000;
      let role: 'member' | 'admin' = 'member';
      const site = await startSite({
        baseUrl: own.apiUrl,
        authorize: options => {
          const user = byCookie(options);
          return user && {...user, role};
        },
      });
      try {
        const old = await idOf(
          // Another instance with the same keys, 13 hours ago. Meshes would refuse a machine JWT of that time.
          await createMeshesServer({
            credentials,
            authorize: byCookie,
            now: () => Date.now() - 13 * HOUR_MS,
            fetch: () => Promise.resolve(Response.json(minted)),
          }).handler(
            new Request(site.origin, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                'sec-fetch-site': 'same-origin',
                cookie: 'user=ada',
              },
              body: '{}',
            }),
          ),
        );
        role = 'admin';
        const changed = await idOf(await site.post({}, {cookie: 'user=ada'}));
        role = 'member';
        limitRate(own);
        const report = await checkQuickly([
          ...[`${site.origin}/api/meshes/session`, ...USERS],
          ...['--old-session-id', old, '--changed-session-id', changed],
          ...['--sign-out', '/sign-out', '--burst', '20'],
        ]);
        assertClean(report, []);
        assert.equal(report.ended, report.created);
      } finally {
        await site.close();
      }
    }));

  test('passes the server helper with a route that ends all sessions of the user', () =>
    withEmulator(async own => {
      const baseUrl = own.apiUrl;
      const site = await startSite({baseUrl, authorize: byCookie});
      try {
        const report = await checkQuickly([
          ...[`${site.origin}/api/meshes/session`, ...USERS],
          ...['--sign-out', `${site.origin}/sign-out-all`],
        ]);
        assertClean(report, [...ALWAYS_UNKNOWN, 'rate-limit']);
        assert.equal(report.ended, report.created);
      } finally {
        await site.close();
      }
    }));

  test('passes the server helper if the origin of the page is in allowedOrigins', async () => {
    const origin = 'https://app.example';
    const site = await startSite({
      baseUrl: apiUrl,
      authorize: byCookie,
      allowedOrigins: [origin],
    });
    try {
      const report = await checkQuickly([
        ...[`${site.origin}/api/meshes/session`, ...USERS],
        ...['--origin', origin],
      ]);
      assert.deepEqual(seenOf(report, 'failed', 'warning'), []);
    } finally {
      await site.close();
    }
  });

  test('passes the server helper for a user whom a header identifies', async () => {
    const site = await startSite({baseUrl: apiUrl});
    try {
      const report = await checkQuickly([
        ...[`${site.origin}/api/meshes/session`, '--header', 'X-User: ada'],
      ]);
      assert.deepEqual(seenOf(report, 'failed', 'warning'), []);
      assert.equal(report.findings.find(({id}) => id === 'signed-out')?.status, 'passed');
    } finally {
      await site.close();
    }
  });

  test('passes the server helper, which does not wait forever for a body', async () => {
    const site = await startSite({
      baseUrl: apiUrl,
      timeout: 800,
      authorize: byCookie,
      // Answers at once: the time limit is that of a call to Meshes, too.
      fetch: () => Promise.resolve(Response.json(minted, {status: 201})),
    });
    try {
      const report = await checkSlowBody([`${site.origin}/api/meshes/session`, ...USERS]);
      assert.deepEqual(
        report.findings.map(({id, status}) => [id, status]),
        [['slow-body', 'passed']],
      );
    } finally {
      await site.close();
    }
  });

  for (const mount of mounts) {
    test(`passes the sample ${mount} of docs/backend.md`, async () => {
      const server = await spawnServer(process.execPath, [programOf(mount)], {
        cwd: folder.path,
        env,
      });
      try {
        const hasSignOut = mount === 'sign-out.js';
        const report = await checkQuickly([
          ...[`${server.origin}/api/meshes/session`, ...USERS],
          ...(hasSignOut ? ['--sign-out', '/api/meshes/sign-out'] : []),
        ]);
        const withoutSignOut = ['sign-out-foreign', 'sign-out-other-user', 'sign-out'];
        assertClean(report, [
          ...ALWAYS_UNKNOWN,
          'rate-limit',
          ...(hasSignOut ? [] : [...withoutSignOut, 'no-meshes-texts']),
        ]);
      } finally {
        await server.stop();
      }
    });
  }

  for (const app of SAMPLE_APPS.filter(({language}) => findLanguage(language))) {
    test(`passes the sample application for ${app.language} with all options`, () =>
      withEmulator(async own => {
        const sample = copySample(app);
        const server = await sample.start({meshesUrl: own.apiUrl});
        try {
          const options = await optionsOf(app, server.origin);
          limitRate(own);
          const report = await checkQuickly([...options, '--burst', '20']);
          assertClean(report, []);
          assert.equal(report.ended, report.created);
        } finally {
          await server.stop();
          sample.remove();
        }
      }));
  }
});

async function idOf(answer: Response): Promise<string> {
  assert.equal(answer.status, 200);
  return ((await answer.json()) as {session_id: string}).session_id;
}

function byCookie({request}: {request: Request}): {userId: string; workspaceId: string} | null {
  const userId = /user=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return userId ? {userId, workspaceId} : null;
}
