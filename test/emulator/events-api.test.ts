import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, it} from 'node:test';
import {secondWorkspace} from '../../src/emulator/index.js';
import {outcomeCodes} from '../../src/emulator/model/types.js';
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
    // Stopped, so that attempts wait for the suite.
    now = Date.now();
    await emulator.control('POST', '/reset');
  });

  const eventsOf = (workspaceId: string) =>
    emulator.call('GET', `/api/v1/workspaces/${workspaceId}/events?limit=200`);
  const deliveriesOf = async (id: string): Promise<Json[]> =>
    (await emulator.call('GET', `/api/v1/events/${id}`)).body.rule_events;
  const ruleNames = async (id: string): Promise<string[]> => {
    const rules = (await deliveriesOf(id)).map(async ({rule}) => {
      const {body} = await emulator.call('GET', `/api/v1/rules/${rule}`);
      return body.metadata.name as string;
    });
    return (await Promise.all(rules)).sort();
  };
  const outcomesOf = async ({event_id, rule}: Json): Promise<string[]> => {
    const path = `/api/v1/events/${event_id}/rules/${rule}/attempts`;
    const {body} = await emulator.call('GET', path);
    return body.records.map((attempt: {outcome_code: string}) => attempt.outcome_code);
  };
  const later = (ms: number) => emulator.control('PUT', '/clock', {offset_ms: ms});

  it('stores an event only in the workspace of its publishable key', async () => {
    const before = (await eventsOf(secondWorkspace.workspaceId)).body.count as number;
    const {body} = await emulator.send(contact, '/api/v1/events', secondWorkspace.publishableKey);
    assert.equal(body.event.workspace, secondWorkspace.workspaceId);
    const second = (await eventsOf(secondWorkspace.workspaceId)).body;
    assert.equal(second.count, before + 1);
    assert.equal(second.records[0].id, body.event.id);
    const first = (await eventsOf(demoCredentials.workspaceId)).body.records;
    assert.ok(first.every((record: {id: string}) => record.id !== body.event.id));
  });

  it('refuses unknown keys and invalid JWTs with 401, without quoting them', async () => {
    const key = 'mesh_pub_other_workspace_abcdef';
    const wrongKey = await emulator.send(contact, '/api/v1/events', key);
    assert.equal(wrongKey.status, 401);
    assert.doesNotMatch(wrongKey.text, /abcdef/);
    const jwt = await machineJwt({claims: {aud: 'meshes-embed'}, now});
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
    [
      'with an email that is no address',
      {...contact, payload: {email: 'jane'}},
      /^payload\.email\b/,
    ],
    ['with a payload.id that is a number', {...contact, payload: {id: 7}}, /^payload\.id\b/],
    ['of another type', {...contact, type: 'rule'}, /^type\b/],
    ['that is an array', [contact], /JSON object/],
  ];
  for (const [name, body, field] of refused) {
    it(`refuses an event ${name} with 400 and a message that names the field`, async () => {
      const answer = await emulator.send(body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, field);
    });
  }

  it('refuses an event body that is not JSON, and another content type', async () => {
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

  it('counts false and 0 as values of a payload', async () => {
    assert.equal((await emulator.send({...contact, payload: {active: false}})).status, 201);
    assert.equal((await emulator.send({...contact, payload: {total: 0}})).status, 201);
  });

  it('accepts batches of 1 to 100 events, and no others', async () => {
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

  it('answers 207 to a batch, with each failure at the position of its event', async () => {
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

  it('lets pages of any origin send events and read every response', async () => {
    for (const path of ['/api/v1/events', '/api/v1/events/bulk']) {
      const preflight = await fetch(emulator.apiOrigin + path, {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://shop.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers':
            'content-type,idempotency-key,x-acme-trace,x-meshes-client,x-meshes-publishable-key,x-request-id',
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
      const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
      for (const name of [
        'accept',
        'authorization',
        'content-type',
        'idempotency-key',
        'x-meshes-client',
        'x-meshes-publishable-key',
        'x-request-id',
        // The vendor's client sends whatever header a page gives it.
        'x-acme-trace',
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
    assert.deepEqual(await ruleNames(body.event.id), [
      'Archive contact.created',
      'Sync contacts to HubSpot',
    ]);
    assert.deepEqual(await ruleNames(other.event.id), ['Archive invoice.paid']);
  });

  it('applies the rules of a resource only to events of that resource', async () => {
    const rulesFor = async (fields: object): Promise<string[]> => {
      const {body} = await emulator.send({...contact, event: 'task.done', ...fields});
      return ruleNames(body.event.id);
    };
    const name = 'Tell the project room';
    assert.ok((await rulesFor({resource: 'project', resource_id: 'apollo'})).includes(name));
    assert.ok(!(await rulesFor({resource: 'project', resource_id: 'gemini'})).includes(name));
    assert.ok(!(await rulesFor({})).includes(name));
  });

  it('makes delivery attempts as the clock advances, with the outcome that the event selects', async () => {
    const outcomes = async (payload: object, ms: number): Promise<unknown> => {
      await later(0);
      const {body} = await emulator.send({event: 'invoice.paid', payload});
      await later(ms);
      const [delivery] = await deliveriesOf(body.event.id);
      return [delivery.status, await outcomesOf(delivery)];
    };
    const refused = 'rejected_server_error';
    assert.deepEqual(await outcomes({total: 1}, 0), ['pending', []]);
    assert.deepEqual(await outcomes({total: 1}, 300), ['processing', []]);
    assert.deepEqual(await outcomes({total: 1}, 500), ['completed', ['delivered']]);
    assert.deepEqual(await outcomes({simulate: 'retry'}, 500), ['retrying', [refused]]);
    assert.deepEqual(await outcomes({simulate: 'retry'}, 1500), ['retrying', [refused, refused]]);
    assert.deepEqual(await outcomes({simulate: 'retry'}, 4000), [
      'completed',
      [refused, refused, 'delivered'],
    ]);
    assert.deepEqual(await outcomes({simulate: 'fail'}, 4000), [
      'failed',
      [refused, refused, refused],
    ]);
  });

  it('simulates every published outcome of a delivery', async () => {
    const {body: made} = await emulator.send(
      outcomeCodes.map(simulate => ({event: 'invoice.paid', payload: {simulate}})),
      '/api/v1/events/bulk',
    );
    await later(4000);
    const outcomes = made.records.map(async ({id}: {id: string}) => {
      const [delivery] = await deliveriesOf(id);
      return (await outcomesOf(delivery)).at(-1);
    });
    assert.deepEqual(await Promise.all(outcomes), outcomeCodes);
  });

  it('fails deliveries to destinations that need an email, and to inactive connections', async () => {
    const {body: withoutEmail} = await emulator.send({...contact, payload: {name: 'Jane'}});
    const {body: news} = await emulator.send({...contact, event: 'newsletter.subscribed'});
    await later(1000);
    const statusOf = async (id: string, type: string): Promise<unknown> => {
      const delivery = (await deliveriesOf(id)).find(one => one.integration_type === type);
      return [delivery.status, await outcomesOf(delivery)];
    };
    assert.deepEqual(await statusOf(withoutEmail.event.id, 'hubspot'), [
      'failed',
      ['rejected_client_error'],
    ]);
    assert.deepEqual(await statusOf(news.event.id, 'mailchimp'), ['failed', ['auth_failed']]);
  });

  it('delivers by a retry once the cause is gone', async () => {
    const {body: connections} = await emulator.call('GET', '/api/v1/connections');
    const mailchimp = connections.records.find((one: Json) => one.type === 'mailchimp');
    assert.deepEqual(
      [mailchimp.active, mailchimp.inactive_reason],
      [false, 'authentication_invalid'],
    );
    const {body} = await emulator.send({...contact, event: 'newsletter.subscribed'});
    await later(1000);
    const find = async () =>
      (await deliveriesOf(body.event.id)).find(one => one.integration_type === 'mailchimp');
    const retry = async () => {
      const {rule} = await find();
      return emulator.call('POST', `/api/v1/events/${body.event.id}/rules/${rule}/retry`);
    };
    assert.equal((await retry()).status, 200);
    await later(2000);
    assert.deepEqual(await outcomesOf(await find()), ['auth_failed', 'auth_failed']);
    const change = await emulator.call('PUT', `/api/v1/connections/${mailchimp.id}`, {
      body: {name: mailchimp.name, metadata: {api_key: 'new'}},
    });
    assert.equal(change.body.active, true);
    assert.equal((await retry()).body.status, 'processing');
    await later(3000);
    const delivery = await find();
    assert.deepEqual([delivery.status, delivery.attempt_count], ['completed', 3]);
    assert.ok(!('last_error' in delivery));
    assert.equal((await retry()).status, 409);
  });

  it('brings the next attempt forward by a retry, but for an imminent one', async () => {
    const {body} = await emulator.send({event: 'invoice.paid', payload: {simulate: 'retry'}});
    const [{rule}] = await deliveriesOf(body.event.id);
    const retry = () =>
      emulator.call('POST', `/api/v1/events/${body.event.id}/rules/${rule}/retry`);
    for (const ms of [0, 300]) {
      await later(ms);
      assert.equal((await retry()).status, 425, String(ms));
    }
    await later(500);
    assert.equal((await retry()).status, 200);
    // Under way.
    assert.equal((await retry()).status, 425);
    await later(700);
    assert.equal((await deliveriesOf(body.event.id))[0].attempt_count, 2);
  });

  it('stops further attempts by a cancellation', async () => {
    const {body} = await emulator.send({event: 'invoice.paid', payload: {simulate: 'fail'}});
    const path = `/api/v1/events/${body.event.id}`;
    await later(500);
    const canceled = await emulator.call('POST', `${path}/cancel`);
    assert.deepEqual([canceled.status, canceled.body.status], [200, 'canceled']);
    await later(10_000);
    const [delivery] = await deliveriesOf(body.event.id);
    assert.deepEqual([delivery.status, delivery.attempt_count], ['canceled', 1]);
    assert.equal((await emulator.call('POST', `${path}/cancel`)).status, 409);
  });

  it('fails a delivery whose mapping has no value for a field that must not fail', async () => {
    const {body: connections} = await emulator.call('GET', '/api/v1/connections');
    const webhook = connections.records.find((one: Json) => one.name === 'Data warehouse');
    const field = {dest: 'plan', source: {type: 'path', value: 'account.plan'}};
    await emulator.call('PUT', `/api/v1/connections/${webhook.id}/mappings/default`, {
      body: {schema: {schema_version: 1, fields: [{...field, on_error: 'fail_action'}]}},
    });
    const send = async (payload: object) => {
      const {body} = await emulator.send({event: 'invoice.paid', payload});
      return body.event.id as string;
    };
    const without = await send({account: {trial: true}});
    const within = await send({account: {plan: 'pro'}});
    await later(500);
    assert.deepEqual(await outcomesOf((await deliveriesOf(without))[0]), ['mapping_error']);
    assert.deepEqual(await outcomesOf((await deliveriesOf(within))[0]), ['delivered']);
  });

  it('gives an event the status of its deliveries', async () => {
    const {body} = await emulator.send({...contact, payload: {name: 'Jane'}});
    const read = async () => (await emulator.call('GET', `/api/v1/events/${body.event.id}`)).body;
    assert.equal((await read()).status, 'pending');
    await later(300);
    assert.equal((await read()).status, 'processing');
    await later(1000);
    const {status, total_rules, completed_count, failed_count} = await read();
    assert.deepEqual([status, total_rules, completed_count, failed_count], ['failed', 2, 1, 1]);
    const {body: unmatched} = await emulator.send({...contact, event: 'nobody.listens'});
    const {body: event} = await emulator.call('GET', `/api/v1/events/${unmatched.event.id}`);
    assert.deepEqual([event.status, event.total_rules, event.rule_events], ['completed', 0, []]);
  });

  it('gives events without a resource the resource "global"', async () => {
    assert.equal((await emulator.send(contact)).body.event.resource, 'global');
    assert.equal((await emulator.send({...contact, resource: ''})).body.event.resource, 'global');
    assert.equal((await emulator.send({...contact, type: 'event'})).status, 201);
  });

  it('remembers the latest 2,000 events of a workspace', async () => {
    const batch = Array.from({length: 100}, () => contact);
    for (let index = 0; index < 21; index++) await emulator.send(batch, '/api/v1/events/bulk');
    let count = 0;
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/v1/workspaces/${demoCredentials.workspaceId}/events?limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const {body} = await emulator.call('GET', path);
      count += Number(body.count);
      cursor = body.next_cursor;
    }
    assert.equal(count, 2000);
  });
});
