import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, it} from 'node:test';
import {secondWorkspace} from '../../src/emulator/index.js';
import {
  demoCredentials,
  machineJwt,
  startTestEmulator,
  type Answer,
  type Json,
  type TestEmulator,
} from './support.js';

const contact = {event: 'contact.created', payload: {email: 'jane@example.com'}};

describe('the events API', () => {
  let now = 0;
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator({clock: () => now});
  });
  after(() => emulator.close());
  beforeEach(async () => {
    // Stopped, so that attempts wait for the suite; ahead, so that no machine JWT is from the future.
    now = Date.now() + 10_000;
    await emulator.control('POST', '/reset');
  });

  const eventsOf = (workspaceId: string) =>
    emulator.call('GET', `/api/v1/events?workspace_id=${workspaceId}`);
  const deliveriesOf = async (id: string): Promise<Json[]> => {
    const path = `/api/v1/events/${id}?workspace_id=${demoCredentials.workspaceId}`;
    return (await emulator.call('GET', path)).body.deliveries;
  };
  const later = (ms: number) => emulator.control('PUT', '/clock', {offset_ms: ms});

  it('puts an event into the workspace of its publishable key alone', async () => {
    const before = (await eventsOf(secondWorkspace.workspaceId)).body.count as number;
    const {body} = await emulator.send(contact, '/api/v1/events', secondWorkspace.publishableKey);
    assert.equal(body.event.workspace, secondWorkspace.workspaceId);
    const second = (await eventsOf(secondWorkspace.workspaceId)).body;
    assert.equal(second.count, before + 1);
    assert.equal(second.records[0].id, body.event.id);
    const first = (await eventsOf(demoCredentials.workspaceId)).body.records;
    assert.ok(first.every((record: {id: string}) => record.id !== body.event.id));
  });

  it('refuses unknown keys and bad JWTs with 401, and repeats neither', async () => {
    const key = 'mesh_pub_other_workspace_abcdef';
    const wrongKey = await emulator.send(contact, '/api/v1/events', key);
    assert.equal(wrongKey.status, 401);
    assert.doesNotMatch(wrongKey.text, /abcdef/);
    const jwt = await machineJwt({claims: {aud: 'meshes-embed'}});
    for (const path of ['/api/v1/events', '/api/v1/events/bulk']) {
      const wrongJwt = await emulator.call('POST', path, {
        body: contact,
        headers: {Authorization: `Bearer ${jwt}`},
      });
      assert.equal(wrongJwt.status, 401);
      assert.match(wrongJwt.body.message, /\baud\b/);
    }
  });

  const refused: readonly (readonly [name: string, body: unknown, field: RegExp])[] = [
    ['without an event', {payload: {email: 'a@b.c'}}, /^event\b/],
    ['with an empty event', {...contact, event: ''}, /^event\b/],
    ['with a blank event', {...contact, event: '  '}, /^event\b/],
    ['with an event that is no string', {...contact, event: 7}, /^event\b/],
    ['without a payload', {event: 'contact.created'}, /^payload\b/],
    ['with a payload that is an array', {...contact, payload: ['a@b.c']}, /^payload\b/],
    ['with a payload that is a string', {...contact, payload: 'a@b.c'}, /^payload\b/],
    ['with a payload of null', {...contact, payload: null}, /^payload\b/],
    ['with an empty payload', {...contact, payload: {}}, /^payload\b/],
    [
      'with nothing but empty values',
      {...contact, payload: {a: '', b: null, c: {}, d: []}},
      /^payload\b/,
    ],
    ['with a resource that is no string', {...contact, resource: 7}, /^resource\b/],
    ['with a resource_id that is no string', {...contact, resource_id: {}}, /^resource_id\b/],
    ['with a field that does not exist', {...contact, resourceId: 'x'}, /^resourceId\b/],
    [
      'for a workspace that does not exist',
      {...contact, workspace: demoCredentials.organizationId},
      /^workspace\b/,
    ],
    [
      'for the workspace of another key',
      {...contact, workspace: secondWorkspace.workspaceId},
      /^workspace\b/,
    ],
    ['that is an array', [contact], /JSON object/],
  ];
  for (const [name, body, field] of refused) {
    it(`refuses an event ${name} with 400 and a message that names the field`, async () => {
      const answer = await emulator.send(body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, field);
    });
  }

  it('refuses a body that is not JSON, and a content type that is not', async () => {
    assert.equal((await emulator.send('{"event":')).status, 400);
    const answer = await emulator.call('POST', '/api/v1/events', {
      body: JSON.stringify(contact),
      headers: {
        'X-Meshes-Publishable-Key': demoCredentials.publishableKey,
        'Content-Type': 'text/plain',
      },
    });
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, /Content-Type/);
  });

  it('takes false and 0 for values that say something', async () => {
    assert.equal((await emulator.send({...contact, payload: {active: false}})).status, 201);
    assert.equal((await emulator.send({...contact, payload: {total: 0}})).status, 201);
  });

  it('takes batches of 1 to 100 events, and no others', async () => {
    const batch = (count: number) =>
      emulator.send(
        Array.from({length: count}, () => contact),
        '/api/v1/events/bulk',
      );
    assert.equal((await batch(1)).status, 201);
    assert.equal((await batch(100)).body.count, 100);
    for (const answer of [
      await batch(0),
      await batch(101),
      await emulator.send(contact, '/api/v1/events/bulk'),
    ]) {
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, /1 to 100/);
    }
  });

  it('answers 207 with the failures in their places', async () => {
    const {status, body} = await emulator.send(
      [contact, {event: 'x'}, {...contact, event: 'deal.won'}, 7],
      '/api/v1/events/bulk',
    );
    assert.equal(status, 207);
    assert.equal(body.count, 4);
    assert.equal(body.error_count, 2);
    assert.equal(body.records[0].event, 'contact.created');
    assert.match(body.records[1].message, /^payload\b/);
    assert.equal(body.records[2].event, 'deal.won');
    assert.match(body.records[3].message, /JSON object/);
    assert.equal((await eventsOf(demoCredentials.workspaceId)).body.records[0].event, 'deal.won');
  });

  it('lets pages of any origin send events, and read every answer', async () => {
    for (const path of ['/api/v1/events', '/api/v1/events/bulk']) {
      const preflight = await fetch(emulator.apiOrigin + path, {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://shop.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type,x-meshes-client,x-meshes-publishable-key',
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
      const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
      for (const name of [
        'accept',
        'authorization',
        'content-type',
        'x-meshes-client',
        'x-meshes-publishable-key',
      ]) {
        assert.ok(allowed.split(/,\s*/).includes(name), name);
      }
    }
    const readable = (answer: Answer) => {
      assert.equal(answer.headers.get('access-control-allow-origin'), '*', String(answer.status));
    };
    readable(await emulator.send(contact));
    readable(await emulator.send({}));
    readable(await emulator.send(contact, '/api/v1/events', 'mesh_pub_a_b_c'));
    await emulator.control('POST', '/faults', {
      route: 'POST /api/v1/events',
      status: 429,
      retry_after: 7,
    });
    const limited = await emulator.send(contact);
    readable(limited);
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get('retry-after'), '7');
    assert.match(limited.headers.get('access-control-expose-headers') ?? '', /Retry-After/);
  });

  it('delivers an event to the connections of the rules that match it', async () => {
    const {body} = await emulator.send(contact);
    const {body: other} = await emulator.send({...contact, event: 'invoice.paid'});
    await later(1000);
    const rules = async (id: string): Promise<string[]> =>
      (await deliveriesOf(id)).map(delivery => delivery.rule).sort();
    assert.deepEqual(await rules(body.event.id), [
      'Archive everything',
      'Sync contacts to HubSpot',
    ]);
    assert.deepEqual(await rules(other.event.id), ['Archive everything']);
  });

  it('matches rules of a resource with events of that resource alone', async () => {
    const rulesFor = async (fields: object): Promise<string[]> => {
      const {body} = await emulator.send({...contact, event: 'task.done', ...fields});
      return (await deliveriesOf(body.event.id)).map(delivery => delivery.rule);
    };
    const name = 'Tell the project room';
    assert.ok((await rulesFor({resource: 'project', resource_id: 'apollo'})).includes(name));
    assert.ok(!(await rulesFor({resource: 'project', resource_id: 'gemini'})).includes(name));
    assert.ok(!(await rulesFor({})).includes(name));
  });

  it('makes attempts as the clock goes, with the outcome that the event decides', async () => {
    const outcomes = async (payload: object, ms: number): Promise<unknown> => {
      await later(0);
      const {body} = await emulator.send({event: 'invoice.paid', payload});
      await later(ms);
      const [delivery] = await deliveriesOf(body.event.id);
      return [
        delivery.status,
        delivery.attempts.map((attempt: {status: number}) => attempt.status),
      ];
    };
    assert.deepEqual(await outcomes({total: 1}, 0), ['pending', []]);
    assert.deepEqual(await outcomes({total: 1}, 500), ['succeeded', [200]]);
    assert.deepEqual(await outcomes({simulate: 'retry'}, 500), ['retrying', [503]]);
    assert.deepEqual(await outcomes({simulate: 'retry'}, 1500), ['retrying', [503, 503]]);
    assert.deepEqual(await outcomes({simulate: 'retry'}, 4000), ['succeeded', [503, 503, 200]]);
    assert.deepEqual(await outcomes({simulate: 'fail'}, 4000), ['failed', [503, 503, 503]]);
  });

  it('fails deliveries to providers that need an email, and to connections that need attention', async () => {
    const {body: withoutEmail} = await emulator.send({...contact, payload: {name: 'Jane'}});
    const {body: news} = await emulator.send({...contact, event: 'newsletter.subscribed'});
    await later(1000);
    const statusOf = async (id: string, provider: string): Promise<unknown> => {
      const delivery = (await deliveriesOf(id)).find(one => one.provider === provider);
      return [delivery.status, delivery.attempts[0].status];
    };
    assert.deepEqual(await statusOf(withoutEmail.event.id, 'hubspot'), ['failed', 422]);
    assert.deepEqual(await statusOf(news.event.id, 'mailchimp'), ['failed', 401]);
  });

  it('remembers the latest 2,000 events of a workspace', async () => {
    const batch = Array.from({length: 100}, () => contact);
    for (let index = 0; index < 21; index++) await emulator.send(batch, '/api/v1/events/bulk');
    let count = 0;
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/v1/events?workspace_id=${demoCredentials.workspaceId}&limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const {body} = await emulator.call('GET', path);
      count += Number(body.count);
      cursor = body.next_cursor;
    }
    assert.equal(count, 2000);
  });
});
