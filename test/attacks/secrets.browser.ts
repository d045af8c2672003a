/** Canary tokens wherever a token passes, failures of every kind, and then a search for them. */
import {expect} from '@open-wc/testing';
import {createEndpoint, crossSiteOrigin, type Step} from '../support/endpoint.js';
import {type LeakScan, type Sighting, startLeakScan} from '../support/leak-scan.js';
import {cleanUp, createWorkspace, type Workspace} from '../support/workspace.js';
import {EVENT_TYPES} from '../../src/element/element-events.js';
import {MeshesError} from '../../src/element/index.js';

afterEach(cleanUp);

type Endpoint = Awaited<ReturnType<typeof createEndpoint>>;

/**
 * A mark for each kind, made up anew for each run. A canary is full of it: engines quote a few letters of a text here and there.
 */
const run = crypto.randomUUID().slice(0, 7);
const MARKS = {access: `a${run}`, launch: `l${run}`, other: `o${run}`};
const used = {access: 0, launch: 0, other: 0};
function canary(kind: keyof typeof MARKS): string {
  const mark = MARKS[kind];
  return `${mark}-${(used[kind] += 1)}-${mark}-${mark}`;
}

const launchUrl = (mute = false) =>
  `${crossSiteOrigin}/test/fixtures/embed.html?launch=${canary('launch')}${mute ? '&mute' : ''}`;

const session = (changes: Record<string, unknown> = {}) => ({
  session_id: 'sess_1',
  access_token: canary('access'),
  launch_url: launchUrl(),
  launch_token: canary('launch'),
  expires_in: 1800,
  ...changes,
});

const json = (body: unknown): Step => ({json: body});
const html = (status: number): Step => ({
  status,
  text: `<h1>${canary('access')}</h1>`,
  headers: {'content-type': 'text/html'},
});
const problem = (status: number): Step => ({
  status,
  text: JSON.stringify({
    code: canary('access'),
    title: canary('access'),
    detail: `Bearer ${canary('access')}`,
    session: session(),
  }),
  headers: {'content-type': 'application/problem+json', 'x-token': canary('access')},
});
const text = (body: string, type = 'application/json'): Step => ({
  text: body,
  headers: {'content-type': type},
});

/** Answers that fail, each with tokens in it. */
const failures = (): [string, Step][] => [
  ...[400, 401, 403, 404, 410, 418, 422].map((status): [string, Step] => [
    `${status}`,
    problem(status),
  ]),
  ['401 as HTML', html(401)],
  ['HTML with 200', html(200)],
  ['a token as text', text(canary('access'), 'text/plain')],
  ['a token as JSON', json(canary('access'))],
  ['text that is no JSON', text(`${canary('access')} {`)],
  ['JSON that breaks off', text(`{"access_token": "${canary('access')}`)],
  ['more than 64 KiB', text(JSON.stringify({access_token: canary('access').padEnd(70_000, 'x')}))],
  ['a token that is no text', json(session({access_token: {value: canary('access')}}))],
  ['a token of another name', json({token: canary('access'), jwt: canary('access')})],
  ['an id that is no text', json(session({session_id: [canary('access')]}))],
  [
    'a launch URL that does not parse',
    json(session({launch_url: `https://${canary('launch')}:x/`})),
  ],
  [
    'a launch URL over http',
    json(session({launch_url: `http://embed.example/?launch=${canary('launch')}`})),
  ],
  [
    'a launch URL of this page',
    json(session({launch_url: `${location.origin}/?launch=${canary('launch')}`})),
  ],
  [
    'a launch URL with a user',
    json(session({launch_url: `https://${canary('launch')}@embed.example/`})),
  ],
  ['a redirect', {redirect: `/login?token=${canary('access')}`}],
];

describe('a search for tokens', () => {
  it('finds a planted token in every place that the leak scan searches', async () => {
    const scan = startLeakScan(['leak']);
    const secret = `canary-${crypto.randomUUID()}`;
    const element = document.body.appendChild(document.createElement('meshes-workspace'));
    const leaks: Record<string, () => void> = {
      document: () =>
        element.shadowRoot!.append(Object.assign(document.createElement('p'), {title: secret})),
      properties: () => Object.assign(element, {[Symbol('kept')]: {value: [secret]}}),
      events: () =>
        element.dispatchEvent(
          new CustomEvent('leak', {
            bubbles: true,
            detail: new MeshesError('aborted', 'mint', secret),
          }),
        ),
      errors: () => scan.add('errors', 'planted', new Error(secret)),
      'resource timing': () => performance.mark(secret),
      history: () => history.replaceState({secret}, ''),
      console: () => console.debug('[planted]', {secret}),
      storage: () => sessionStorage.setItem('planted', secret),
      requests: () => scan.add('requests', 'planted', `?token=${secret}`),
      referrers: () => scan.add('referrers', 'planted', `https://host.example/?${secret}`),
      globals: () => Object.assign(window, {planted: {deep: {secret}}}),
    };
    const found: string[] = [];
    for (const [channel, leak] of Object.entries(leaks)) {
      leak();
      const sightings = await scan.sightings([secret]);
      if (sightings.some(sighting => sighting.channel === channel)) found.push(channel);
    }
    scan.stop();
    element.remove();
    performance.clearMarks();
    history.replaceState(null, '');
    sessionStorage.clear();
    Reflect.deleteProperty(window, 'planted');
    expect(found).to.deep.equal(Object.keys(leaks));
    const clean = startLeakScan([]);
    expect(await clean.sightings([secret])).to.deep.equal([]);
    clean.stop();
  });
});

describe('the tokens of a workspace', function () {
  // Everything that can be seen in the page is searched several times over.
  this.timeout(30_000);
  let scan: LeakScan;
  const visited: string[] = [];

  /** Everything is looked at while the element is in the page, and again at the end. */
  async function look(workspace: Workspace): Promise<Sighting[]> {
    for (const error of [workspace.element.error, ...workspace.events.map(({detail}) => detail)]) {
      scan.add('errors', 'error', error);
      scan.add('errors', 'error as JSON', JSON.stringify(error));
    }
    return leaks();
  }

  async function leaks(): Promise<Sighting[]> {
    const sightings = await scan.sightings(Object.values(MARKS));
    return sightings.filter(sighting => !isExpected(sighting));
  }

  /** A launch token is in the frame's `src`, and in the list of what was loaded; nowhere else. */
  const isExpected = ({channel, where, secret}: Sighting) =>
    secret === MARKS.launch &&
    ((channel === 'document' && where === '<iframe src>') || channel === 'resource timing');

  /** Runs one workspace to its end, and then looks at it, and at what its endpoint was sent. */
  async function live(
    name: string,
    properties: Parameters<typeof createWorkspace>[0],
    course: (workspace: Workspace) => Promise<unknown>,
    endpoint?: Endpoint,
  ) {
    const workspace = createWorkspace({debug: true, ...properties});
    await course(workspace);
    await workspace.element.updateComplete;
    expect(await look(workspace), name).to.deep.equal([]);
    visited.push(workspace.element.state);
    workspace.element.remove();
    for (const {path, query, headers, body} of (await endpoint?.requests()) ?? []) {
      const {referer, ...others} = headers;
      scan.add('referrers', 'endpoint', referer);
      scan.add('requests', 'endpoint', [path, query, body, others]);
    }
    expect(await leaks(), `${name}, afterwards`).to.deep.equal([]);
  }

  const {random} = Math;

  before(() => {
    Math.random = () => 0;
    scan = startLeakScan(EVENT_TYPES);
    addEventListener('message', ({data}: MessageEvent<{fixture?: string; data?: object}>) => {
      if (data?.fixture === 'loaded')
        scan.add('referrers', 'frame', (data.data as {referrer: string}).referrer);
    });
  });

  after(() => {
    scan.stop();
    Math.random = random;
    expect([...new Set(visited)].sort()).to.deep.equal([
      'expired',
      'failed',
      'ready',
      'reconnecting',
    ]);
    expect(used.access).to.be.greaterThan(80);
  });

  it('keeps tokens inside the frame through ready, two refreshes and a reload', async () => {
    const good = await createEndpoint([json(session()), json(session()), json(session())]);
    await live(
      'a whole life',
      {tokenEndpoint: good.url},
      async workspace => {
        await workspace.hears(1);
        await workspace.element.refresh();
        workspace.say({type: 'meshes:token-refresh'});
        await workspace.hears(3);
        await good.script([json(session({session_id: 'sess_2'}))]);
        await workspace.element.reload();
        await workspace.hears(4);
        const heard = workspace.heard.map(message => (message as {token: string}).token);
        for (const token of heard) expect(token).to.include(MARKS.access);
      },
      good,
    );
  });

  for (const [name, step] of failures()) {
    it(`leaks no token if creating a session fails: ${name}`, async () => {
      const endpoint = await createEndpoint([step]);
      await live(
        name,
        {tokenEndpoint: endpoint.url},
        workspace => workspace.reaches('failed'),
        endpoint,
      );
    });
  }

  const refusals: [string, Step][] = [
    ...failures().filter(([name]) => !/launch URL|id that/.test(name)),
    ['another session', json(session({session_id: canary('access')}))],
    [
      'another launch origin',
      json(session({launch_url: `https://embed.example/?launch=${canary('launch')}`})),
    ],
  ];
  for (const [name, step] of refusals) {
    it(`leaks no token if a refresh is refused: ${name}`, async () => {
      const endpoint = await createEndpoint([json(session()), step]);
      await live(
        name,
        {tokenEndpoint: endpoint.url},
        async workspace => {
          await workspace.hears(1);
          workspace.say({type: 'meshes:token-refresh'});
          await workspace.reaches('expired');
        },
        endpoint,
      );
    });
  }

  const setbacks: [string, Step][] = [
    ['429', problem(429)],
    ['500', problem(500)],
    ['503 as HTML', html(503)],
    ['a cut connection', {cut: true}],
  ];
  for (const [name, step] of setbacks) {
    it(`leaks no token while requests are retried: ${name}`, async () => {
      const minting = await createEndpoint([step]);
      await live(
        `minting: ${name}`,
        {tokenEndpoint: minting.url},
        workspace => workspace.reaches('failed'),
        minting,
      );
      const refreshing = await createEndpoint([json(session()), step]);
      await live(
        `refreshing: ${name}`,
        {tokenEndpoint: refreshing.url},
        async workspace => {
          await workspace.hears(1);
          workspace.say({type: 'meshes:token-refresh'});
          await workspace.reaches('reconnecting');
          workspace.say({type: 'meshes:ready'});
          await workspace.hears(2);
        },
        refreshing,
      );
    });
  }

  it('leaks no token if the frame never sends meshes:ready', async () => {
    const silent = await createEndpoint([
      json(session({launch_url: launchUrl(true)})),
      json(session({launch_url: launchUrl(true)})),
    ]);
    await live('silence', {tokenEndpoint: silent.url, readyTimeout: 500}, workspace =>
      workspace.reaches('failed'),
    );
  });

  it('leaks no token from the request headers of the host page', async () => {
    const authorization = `Bearer ${canary('other')}`;
    const key = await createEndpoint([json(session()), problem(403)]);
    await live(
      'a header, and an endpoint that refuses',
      {tokenEndpoint: key.url, requestHeaders: () => Promise.resolve({authorization})},
      async workspace => {
        await workspace.hears(1);
        await workspace.element
          .refresh()
          .catch((error: unknown) => scan.add('errors', 'rejection', error));
      },
    );
    await live(
      'headers that cannot be had',
      {tokenEndpoint: key.url, requestHeaders: () => ({'not a name': canary('other')})},
      workspace => workspace.reaches('failed'),
    );
  });

  it('leaks no token if a provider answers once and then returns an invalid response', async () => {
    await live(
      'a provider',
      {
        sessionProvider: {
          mint: () => session(),
          refresh: () => ({access_token: 7, detail: canary('access')}) as never,
        },
      },
      async workspace => {
        await workspace.hears(1);
        await workspace.element
          .refresh()
          .catch((error: unknown) => scan.add('errors', 'rejection', error));
      },
    );
  });

  it('puts no token into an error whose cause the host page has thrown', async () => {
    const thrown = new Error(canary('access'));
    const throwing = createWorkspace({sessionProvider: {mint: () => Promise.reject(thrown)}});
    await throwing.reaches('failed');
    const {error} = throwing.element;
    // What the page itself has thrown is given back to it, and is part of nothing else.
    expect(error!.cause).to.equal(thrown);
    for (const text of [error!.message, error!.stack, String(error), JSON.stringify(error)]) {
      expect(text).not.to.include(thrown.message);
    }
    throwing.element.remove();
  });
});
