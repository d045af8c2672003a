import {fork} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {SignJWT} from 'jose';
import {MeshesEventsClient} from 'meshes-workspace/events';
import {createMeshesServer} from 'meshes-workspace/server';
import {demoCredentials} from '../../../src/emulator/credentials.js';
import {atMost, cells, type Section} from './report.js';
import {interleave, median, ratios, spread} from './statistics.js';

const ROUNDS = 15;
const EVENT_ROUNDS = 25;
const REQUESTS = 40;
const EVENTS = 1_000;
const EVENTS_IN_A_REQUEST = 100;
const ORIGIN = 'http://localhost:3000';
const LIMIT = 1.05;

/** The server helper and the events client against the emulator, beside hand-written calls of `fetch`. */
export async function measureBackend(): Promise<Section[]> {
  const child = fork(path.join(import.meta.dirname, 'emulator-process.ts'), {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const [{apiOrigin}] = (await once(child, 'message')) as [{apiOrigin: string}];
    return [await sessions(apiOrigin), await events(apiOrigin)];
  } finally {
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  }
}

async function sessions(apiOrigin: string): Promise<Section> {
  const helper = createHelper(apiOrigin);
  const answers = await recordAnswers(apiOrigin);
  // Where Meshes answers at once, what is left is their own work.
  const atOnce: typeof fetch = input => {
    const isRefresh = new Request(input).url.endsWith('/refresh');
    return Promise.resolve(Response.json(isRefresh ? answers.refreshed : answers.minted));
  };
  const offline = createHelper(apiOrigin, atOnce);
  const handle = (await askHelper(helper, {})).session_id;
  const offlineHandle = (await askHelper(offline, {})).session_id;
  const {session_id: session} = await mintByHand(apiOrigin);
  const each = (request: () => Promise<unknown>) => async () => {
    const times: number[] = [];
    while (times.length < REQUESTS) {
      const startedAt = performance.now();
      await request();
      times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  const contenders = {
    helperMint: each(() => askHelper(helper, {})),
    handMint: each(() => mintByHand(apiOrigin)),
    ownMint: each(() => askHelper(offline, {})),
    handOwnMint: each(() => mintByHand(apiOrigin, atOnce)),
    helperRefresh: each(() => askHelper(helper, {session_id: handle})),
    handRefresh: each(() => refreshByHand(apiOrigin, session)),
    ownRefresh: each(() => askHelper(offline, {session_id: offlineHandle})),
    handOwnRefresh: each(() => refreshByHand(apiOrigin, session, atOnce)),
  };
  for (const warmUp of Object.values(contenders)) await warmUp();
  const ms = await interleave(contenders, ROUNDS);
  const row = (name: string, values: number[]) => [name, ...cells(spread(values))];
  const perSecond = (values: number[]) => values.map(value => 1_000 / value);
  const rows = (
    [
      ['mint', ms.helperMint, ms.handMint, ms.ownMint, ms.handOwnMint],
      ['refresh', ms.helperRefresh, ms.handRefresh, ms.ownRefresh, ms.handOwnRefresh],
    ] as const
  ).flatMap(([name, ofHelper, byHand, own, handOwn]) => [
    row(`${name}: the helper, ms`, ofHelper),
    row(`${name}: by hand, ms`, byHand),
    row(`${name}: the helper, per second`, perSecond(ofHelper)),
    row(`${name}: by hand, per second`, perSecond(byHand)),
    row(`${name}: the helper / by hand`, ratios(ofHelper, byHand)),
    row(`${name}: the helper’s own work, ms`, own),
    row(`${name}: own work by hand, ms`, handOwn),
    row(`${name}: its share of the helper’s time`, ratios(own, ofHelper)),
  ]);
  return {
    title: 'Backend: sessions',
    text: `One request after the other: \`createMeshesServer().handler\` is given a request of a browser and asks the emulator, which runs in a process of its own. By hand is a machine JWT signed with jose, \`fetch\`, and the answer passed on, without a check of anything. Own work is the same with a \`fetch\` that answers at once; the helper’s is reading and checking the request, checking the answer, signing or verifying the handle that binds a session to its user, and once in 10 s signing a machine JWT. The median of ${REQUESTS} requests in each of ${ROUNDS} rounds.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows,
    goals: [
      atMost('mint: the helper / by hand', median(ratios(ms.helperMint, ms.handMint)), LIMIT),
      atMost(
        'refresh: the helper / by hand',
        median(ratios(ms.helperRefresh, ms.handRefresh)),
        LIMIT,
      ),
    ],
    after:
      'The code by hand signs once and checks nothing. The helper looks where a request comes from and what is in it, reads the credentials anew, and signs or verifies the handle, which the code by hand does not have. Keys are made once, and a machine JWT is used for 10 s, where the code by hand signs one for each call.',
  };
}

async function events(apiOrigin: string): Promise<Section> {
  const client = new MeshesEventsClient(demoCredentials.publishableKey, {
    apiBaseUrl: `${apiOrigin}/api/v1`,
  });
  const batch = Array.from({length: EVENTS}, (_, index) => ({
    event: 'contact.created',
    payload: {id: `lead_${index}`, email: `lead-${index}@example.com`, first_name: 'Jane'},
  }));
  const byHand = async (send: typeof fetch) => {
    for (let sent = 0; sent < EVENTS; sent += EVENTS_IN_A_REQUEST) {
      const response = await send(`${apiOrigin}/api/v1/events/bulk`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Meshes-Publishable-Key': demoCredentials.publishableKey,
        },
        body: JSON.stringify(batch.slice(sent, sent + EVENTS_IN_A_REQUEST)),
      });
      const {count} = (await response.json()) as {count: number};
      if (count !== EVENTS_IN_A_REQUEST) throw new Error('The emulator did not take the events.');
    }
  };
  const timed = (send: () => Promise<unknown>) => async () => {
    const startedAt = performance.now();
    await send();
    const elapsed = performance.now() - startedAt;
    // Each round begins with the same store: the emulator keeps every event.
    await fetch(`${apiOrigin}/__emulator/reset`, {method: 'POST'});
    return elapsed;
  };
  const {records} = await client.emitBatch(batch.slice(0, EVENTS_IN_A_REQUEST));
  const answer = JSON.stringify({count: EVENTS_IN_A_REQUEST, records});
  const atOnce: typeof fetch = () => Promise.resolve(new Response(answer, {status: 201}));
  const offline = new MeshesEventsClient(demoCredentials.publishableKey, {fetch: atOnce});
  const contenders = {
    client: timed(() => client.emitBatch(batch)),
    byHand: timed(() => byHand(fetch)),
    own: timed(() => offline.emitBatch(batch)),
    handOwn: timed(() => byHand(atOnce)),
  };
  for (const warmUp of Object.values(contenders)) await warmUp();
  const ms = await interleave(contenders, EVENT_ROUNDS);
  const row = (name: string, values: number[]) => [name, ...cells(spread(values))];
  const perSecond = (values: number[]) => values.map(value => (EVENTS * 1_000) / value);
  return {
    title: 'Backend: events',
    text: `${EVENTS.toLocaleString('en-US')} events by \`emitBatch\`, which sends ${EVENTS_IN_A_REQUEST} in a request, and by \`fetch\` in requests of as many. ${EVENT_ROUNDS} rounds.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows: [
      row('emitBatch, events per second', perSecond(ms.client)),
      row('by hand, events per second', perSecond(ms.byHand)),
      row('emitBatch / by hand, time', ratios(ms.client, ms.byHand)),
      row('emitBatch: own work for all of them, ms', ms.own),
      row('by hand: own work for all of them, ms', ms.handOwn),
      row('emitBatch: its share of the time', ratios(ms.own, ms.client)),
    ],
    goals: [atMost('emitBatch / by hand, time', median(ratios(ms.client, ms.byHand)), LIMIT)],
    after:
      'Own work is with a `fetch` that answers at once: what the client adds to it is the check of each event, the search for the key in what comes back, and a time-out for each request, whose signal costs something in `fetch` too.',
  };
}

interface SessionAnswer {
  session_id: string;
}

type Helper = ReturnType<typeof createMeshesServer>;

function createHelper(apiOrigin: string, ownFetch?: typeof fetch): Helper {
  const {organizationId, accessKey, secretKey, workspaceId} = demoCredentials;
  return createMeshesServer({
    credentials: () => ({organizationId, accessKey, secretKey}),
    baseUrl: `${apiOrigin}/api/v1`,
    authorize: () => ({userId: 'ada', workspaceId, role: 'admin'}),
    ...(ownFetch && {fetch: ownFetch}),
  });
}

async function askHelper(helper: Helper, body: object): Promise<SessionAnswer> {
  const response = await helper.handler(
    new Request(`${ORIGIN}/api/meshes/session`, {
      method: 'POST',
      headers: {'content-type': 'application/json', origin: ORIGIN},
      body: JSON.stringify(body),
    }),
  );
  return answered(response);
}

async function byHand(
  url: string,
  body: object | undefined,
  send: typeof fetch,
): Promise<SessionAnswer> {
  const {organizationId, accessKey, secretKey} = demoCredentials;
  // The request of the browser is read, and its answer made, as the helper does.
  const request = new Request(`${ORIGIN}/api/meshes/session`, {method: 'POST', body: '{}'});
  await request.json();
  const token = await new SignJWT({org: organizationId})
    .setProtectedHeader({alg: 'HS256', typ: 'JWT', kid: accessKey})
    .setIssuer(`urn:meshes:m2m:${accessKey}`)
    .setAudience('meshes-api')
    .setIssuedAt()
    .setExpirationTime('30s')
    .sign(new TextEncoder().encode(secretKey));
  const response = await send(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body && {'Content-Type': 'application/json'}),
    },
    body: body && JSON.stringify(body),
  });
  return answered(Response.json(await answered(response)));
}

function mintByHand(apiOrigin: string, send = fetch): Promise<SessionAnswer> {
  const body = {
    workspace_id: demoCredentials.workspaceId,
    role: 'admin',
    external_user_id: 'ada',
    allowed_origins: [ORIGIN],
  };
  return byHand(`${apiOrigin}/api/v1/sessions`, body, send);
}

function refreshByHand(apiOrigin: string, session: string, send = fetch): Promise<SessionAnswer> {
  return byHand(`${apiOrigin}/api/v1/sessions/${session}/refresh`, undefined, send);
}

/** What the emulator answers, to be answered again without it. */
async function recordAnswers(apiOrigin: string) {
  const minted = await mintByHand(apiOrigin);
  return {minted, refreshed: await refreshByHand(apiOrigin, minted.session_id)};
}

async function answered(response: Response): Promise<SessionAnswer> {
  if (!response.ok) throw new Error(`A request was answered with ${response.status}.`);
  return response.json() as Promise<SessionAnswer>;
}
