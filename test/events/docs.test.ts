import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {type Emulator, createEmulator} from '../../src/emulator/index.js';
import {readSamples, type SampleFolder, writeSamples} from '../server/support/doc-samples.js';
import {credentials, workspaceId} from '../server/support/site.js';

const key = 'mesh_pub_demo_workspace_0123456789';
const event = {event: 'contact.created', payload: {email: 'jane@example.com'}};

describe('docs/events.md', () => {
  let emulator: Emulator;
  let folder: SampleFolder;
  let apiBaseUrl: string;
  before(async () => {
    emulator = await createEmulator({port: 0});
    apiBaseUrl = emulator.apiUrl;
    const samples = readSamples('events.md');
    assert.deepEqual([...samples.keys()], ['page.js', 'server.js', 'batch.js']);
    // The key of the page is cut short there, and Meshes itself is out of reach here.
    const page = samples
      .get('page.js')
      ?.replace("('mesh_pub_…')", `('${key}', {apiBaseUrl: '${apiBaseUrl}'})`);
    folder = writeSamples([
      ...samples,
      ...readSamples('backend.md'),
      ['page.js', page ?? ''],
      ['auth.js', 'export const currentUser = () => null;'],
    ]);
  });
  after(async () => {
    folder.remove();
    await emulator.close();
  });

  function run(file: string) {
    return promisify(execFile)(process.execPath, [file], {
      cwd: folder.path,
      env: {
        PATH: process.env['PATH'],
        MESHES_API_URL: apiBaseUrl,
        MESHES_ORGANIZATION_ID: credentials.organizationId,
        MESHES_ACCESS_KEY: credentials.accessKey,
        MESHES_SECRET_KEY: credentials.secretKey,
        MESHES_WORKSPACE_ID: workspaceId,
      },
    });
  }

  const accepted = async () => {
    const response = await fetch(new URL('/__emulator/state', emulator.apiUrl));
    const {requests} = (await response.json()) as {requests: unknown};
    return JSON.stringify(requests);
  };

  test('docs/events.md sends an event from a page', async () => {
    const before = await accepted();
    await run('page.js');
    assert.notEqual(await accepted(), before);
  });

  test('docs/events.md sends an event from a server', async () => {
    const {stdout} = await run('server.js');
    assert.match(stdout, /^\S{8,}\n$/);
  });

  test('docs/events.md sends a batch, and says which of its events failed and why', async () => {
    const {sendAll} = (await import(pathToFileURL(`${folder.path}/batch.js`).href)) as {
      sendAll: (
        events: object[],
        auth: string,
        options: object,
      ) => Promise<{event: object; reason: string}[]>;
    };
    const wrong = {...event, workspace: '550e8400-e29b-41d4-a716-446655440000'};
    const failed = await sendAll([event, wrong], key, {apiBaseUrl});
    assert.equal(failed.length, 1);
    assert.equal(failed[0]?.event, wrong);
    assert.match(failed[0].reason, /workspace/);
  });
});
