import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../src/emulator/index.js';
import {batchOutcomes, MeshesApiError, MeshesEventsClient} from '../../src/events/index.js';
import {createMeshesServer} from '../../src/server/index.js';
import {credentials, workspaceId} from '../server/support/site.js';

const key = 'mesh_pub_demo_workspace_0123456789';
const event = {event: 'contact.created', payload: {email: 'jane@example.com'}};

describe('the client with the emulator', () => {
  let emulator: Emulator;
  let apiBaseUrl: string;
  before(async () => {
    emulator = await createEmulator({port: 0});
    apiBaseUrl = emulator.apiUrl;
  });
  after(() => emulator.close());
  beforeEach(() => control('reset', {}));

  const client = (auth: string = key) => new MeshesEventsClient(auth, {apiBaseUrl});

  async function control(path: string, body: object): Promise<void> {
    const response = await fetch(new URL(`/__emulator/${path}`, emulator.apiUrl), {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, await response.text());
  }

  async function failure(promise: Promise<unknown>): Promise<MeshesApiError> {
    const error = await promise.then(
      () => assert.fail('did not fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof MeshesApiError);
    return error;
  }

  test('returns the accepted event of a 201', async () => {
    const result = await client().emit({...event, resource: 'shop', resource_id: '7'});
    assert.equal(result.event.event, 'contact.created');
    assert.equal(result.event.workspace, workspaceId);
    assert.deepEqual([result.event.resource, result.event.resource_id], ['shop', '7']);
  });

  test('rejects with the reason of a 400', async () => {
    const error = await failure(client().emit({...event, unknown: 1} as never));
    assert.deepEqual([error.data.status, error.data.statusText], [400, 'Bad Request']);
    assert.match(error.data.data.message, /unknown/);
  });

  test('rejects with a 401 for an unknown key', async () => {
    const error = await failure(client('mesh_pub_nobody_knows_it').emit(event));
    assert.equal(error.data.status, 401);
    assert.equal(typeof error.data.data.message, 'string');
  });

  for (const status of [429, 500]) {
    test(`rejects with ${status} if the emulator answers ${status}`, async () => {
      await control('faults', {route: 'POST /api/v1/events', status, retry_after: 3, count: 1});
      const error = await failure(client().emit(event));
      assert.equal(error.data.status, status);
      assert.equal(error.retryAfterMs, 3000);
    });
  }

  test('succeeds after a 429 if it may retry', async () => {
    await control('faults', {route: 'POST /api/v1/events', status: 429, retry_after: 0, count: 2});
    const {event: accepted} = await client().emit(event, {retries: 2});
    assert.equal(accepted.event, 'contact.created');
  });

  test('returns the outcome of each event of a 207', async () => {
    const result = await client().emitBatch([
      event,
      {...event, workspace: '550e8400-e29b-41d4-a716-446655440000'},
      event,
    ]);
    assert.deepEqual([result.count, result.error_count], [3, 1]);
    const outcomes = batchOutcomes(result);
    assert.deepEqual(
      outcomes.map(({event: accepted}) => accepted?.event),
      ['contact.created', undefined, 'contact.created'],
    );
    assert.match(outcomes[1]?.error?.message ?? '', /workspace/);
  });

  test('sends 250 events in one call, and returns their records in order', async () => {
    const events = Array.from({length: 250}, (_, i) => ({
      event: `e${i}`,
      payload: {id: String(i)},
    }));
    const {count, records} = await client().emitBatch(events);
    assert.equal(count, 250);
    assert.deepEqual(
      records.map(record => 'event' in record && record.event),
      events.map(e => e.event),
    );
  });

  test('sends an event with a machine JWT of the session endpoint', async () => {
    const {machineToken} = createMeshesServer({credentials, authorize: () => null});
    const server = new MeshesEventsClient({token: machineToken}, {apiBaseUrl});
    const result = await server.emit({...event, workspace: workspaceId});
    assert.equal(result.event.workspace, workspaceId);
    const forged = new MeshesEventsClient({token: 'a.b.c'}, {apiBaseUrl});
    assert.equal((await failure(forged.emit(event))).data.status, 401);
  });
});
