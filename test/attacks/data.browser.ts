/** Messages of the right window and the right origin, with anything in them. */
import {expect} from '@open-wc/testing';
import {
  arrival,
  arrivals,
  command,
  dismissAttackers,
  hostileLaunchUrl,
} from '../support/attackers.js';
import {createEndpoint, pageUrl} from '../support/endpoint.js';
import {besieged, isMessageLike} from '../support/siege.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

afterEach(cleanUp);
afterEach(dismissAttackers);

const MEGABYTE = 'x'.repeat(1_000_000);

function cyclic(): Record<string, unknown> {
  const object: Record<string, unknown> = {type: {}};
  object.self = object;
  return object;
}

function deep(levels: number): unknown {
  let value: unknown = {type: 'meshes:ready'};
  for (let level = 0; level < levels; level++) value = {inner: value};
  return value;
}

/** `levels` objects that hold the next one twice: cheap to post, and 2^levels objects for a reader that walks them. */
function doubled(levels: number): object {
  let object: object = {};
  for (let level = 0; level < levels; level++) object = {a: object, b: object};
  return object;
}

/** Values that a frame can post and that are no message, by name. */
const ODD: [string, unknown][] = [
  ...[
    null,
    undefined,
    true,
    false,
    0,
    -1,
    NaN,
    Infinity,
    1n,
    '',
    'meshes:ready',
    '{"type":"meshes:ready"}',
  ].map((value): [string, unknown] => [`the ${typeof value} ${String(value)}`, value]),
  ['a string of 1 MB', MEGABYTE],
  ['a String object', new String('meshes:ready')],
  ['a Number object', new Number(1)],
  ['a Boolean object', new Boolean(true)],
  ['a date', new Date()],
  ['a regular expression', /meshes:ready/],
  ['an error', new TypeError('meshes:ready')],
  ['a Map', new Map([['type', 'meshes:ready']])],
  ['a Set', new Set(['type', 'meshes:ready'])],
  ['an array', ['type', 'meshes:ready']],
  ['an array with a type', Object.assign([1], {type: 'meshes:ready'})],
  ['a sparse array', Object.assign(new Array(1000), {type: 'meshes:navigate'})],
  ['an ArrayBuffer', new ArrayBuffer(8)],
  ['a typed array', new Uint8Array([1, 2, 3])],
  ['a DataView', new DataView(new ArrayBuffer(8))],
  ['a Blob', new Blob(['{"type":"meshes:ready"}'], {type: 'application/json'})],
  ['a File', new File(['x'], 'meshes:ready')],
  ['image data', new ImageData(1, 1)],
  ['a matrix', new DOMMatrix()],
  ['an object without a type', {height: 900, path: '/workspace/rules'}],
  ['an object that holds itself', cyclic()],
  [
    'an array that holds itself',
    (() => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    })(),
  ],
  ['an object of 1,000 levels', deep(1000)],
  [
    'an object of 10,000 keys',
    Object.fromEntries(Array.from({length: 10_000}, (_, key) => [`type${key}`, 'meshes:ready'])),
  ],
  ...[
    null,
    undefined,
    true,
    0,
    NaN,
    1n,
    '',
    'ready',
    'meshes',
    'meshes:',
    'meshes:auth',
    'MESHES:READY',
    ' meshes:ready',
    'meshes:ready ',
    'meshes:ready\0',
    'meshes:ready\n',
    'meshes\uff1aready',
    'me\u200bshes:ready',
    'constructor',
    '__proto__',
    'toString',
    MEGABYTE,
    ['meshes:ready'],
    [['meshes:ready']],
    {toString: 'meshes:ready'},
    {0: 'meshes:ready', length: 1},
    new String('meshes:ready'),
    new Map([[0, 'meshes:ready']]),
    new Date(),
    /meshes:ready/,
    new Blob(['meshes:ready']),
    new Uint8Array(12),
    new Error('meshes:ready'),
  ].map((type): [string, unknown] => [
    `an object of the type ${shortName(type)}`,
    {type, height: 900, path: '/x'},
  ]),
];

function shortName(value: unknown): string {
  const {name} = (value as {constructor?: {name: string}} | null | undefined)?.constructor ?? {};
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : '';
  return `${name ?? String(value)} ${text}`.trim();
}

async function navigates(workspace: Workspace, message: Record<string, unknown>) {
  const after = workspace.events.length;
  await command(workspace.frame()!.contentWindow!, '').say({type: 'meshes:navigate', ...message});
  const {detail} = await workspace.event('meshes-navigate', after);
  return detail as {path: string | null; data: Record<string, unknown>};
}

describe('odd data', () => {
  it('ignores data of every type that postMessage can copy', async () => {
    const {workspace, friend, withstands} = await besieged();
    const messages = ODD.filter(([, value]) => isMessageLike(value)).length;
    await withstands(messages, async () => {
      for (const [name, value] of ODD) {
        const arrived = arrivals.length;
        await friend.say(value);
        expect(arrivals.length - arrived, `${name} arrives`).to.equal(2);
        expect(workspace.events.at(-1)!.type, name).to.equal('meshes-ready');
      }
    });
  });

  it('receives no data that postMessage refuses to copy', async () => {
    const {friend, withstands} = await besieged();
    await withstands(0, async () => {
      const told = (await friend.order({
        fixture: 'unclonable',
        values: [
          '() => {}',
          'Symbol("meshes:ready")',
          'document.body',
          'new WeakMap()',
          'window',
          'Promise.resolve()',
          'new Proxy({}, {})',
          '({type() {}})',
        ],
      })) as {refused?: string}[];
      const refused = told.flatMap(({refused}) => refused ?? []);
      expect(refused).to.deep.equal(Array(8).fill('DataCloneError'));
    });
  });

  it('reduces odd fields of a navigation message to small plain data, or drops them', async () => {
    const {workspace} = await besieged();
    const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
      ['a Map', {extra: new Map([['a', 1]])}, {}],
      ['a cycle', {extra: cyclic()}, {}],
      ['a BigInt', {extra: 1n}, {}],
      ['a date', {extra: new Date(0)}, {}],
      ['a Blob', {extra: new Blob(['x'])}, {}],
      ['an error', {extra: new Error('x')}, {}],
      ['8 MB of bytes', {extra: new Uint8Array(8_000_000)}, {}],
      ['millions of paths through 25 objects', {extra: doubled(24)}, {}],
      ['a number that JSON has no form for', {extra: NaN}, {extra: null}],
      ['nothing', {extra: undefined}, {}],
      ['a path that is no string', {path: 7}, {path: 7}],
      ['1 MB', {extra: MEGABYTE}, {}],
      ['1,000 levels', {extra: deep(1000)}, {}],
      ['10 levels', {extra: deep(10)}, {extra: deep(10)}],
    ];
    for (const [name, message, data] of cases) {
      expect(await navigates(workspace, message), name).to.deep.equal({
        path: null,
        page: null,
        data,
      });
    }
    const friendly = await navigates(workspace, {path: '/workspace/rules', title: 'Rules'});
    expect(friendly).to.deep.equal({
      path: '/workspace/rules',
      page: 'rules',
      data: {title: 'Rules'},
    });
  });
});

describe('a path', () => {
  it('reports null for a path that leads to another origin, and does not navigate the host page', async () => {
    const {workspace} = await besieged();
    const here = location.href;
    const {length} = history;
    for (const path of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      '\tjavascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '\\evil.example',
      '/a\\b',
      'https://evil.example',
      'https:evil.example',
      'http:/evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/a\u0000b',
      '/.//evil.example',
      '/a/..//evil.example',
      '/%2e//evil.example',
      '/%2Fevil.example',
      '/%5Cevil.example',
      '/workspace/\u202Egnp.exe',
      '/workspace/\u2066x\u2069',
      '\u0001//evil.example',
      'evil',
      '',
      ' ',
      '#/x',
      '?x',
      `/${'x'.repeat(2048)}`,
      ['/workspace'],
      {toString: '/workspace'},
      new String('/workspace'),
      null,
      7,
    ]) {
      expect((await navigates(workspace, {path})).path, shortName(path)).to.equal(null);
    }
    for (const path of [
      '/',
      '/workspace/rules?x=1#y',
      '/workspace/%2e%2e',
      `/${'x'.repeat(2047)}`,
    ]) {
      expect((await navigates(workspace, {path})).path).to.equal(path);
    }
    expect([location.href, history.length]).to.deep.equal([here, length]);
  });
});

describe('prototype pollution', () => {
  const plain = {} as Record<string, unknown>;
  const pollute = (fields: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(fields)) {
      Object.defineProperty(Object.prototype, name, {value, configurable: true, writable: true});
    }
    return () =>
      Object.keys(fields).forEach(name => Reflect.deleteProperty(Object.prototype, name));
  };

  it('keeps a message from polluting prototypes, however the host page merges the event data', async () => {
    const {workspace} = await besieged();
    const attack = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 4}}, "a": {"__proto__": {"polluted": 2}, "b": [{"__proto__": {"polluted": 3}}]}, "title": "x"}',
    ) as Record<string, unknown>;
    expect(Object.hasOwn(attack, '__proto__')).to.equal(true);
    const {data} = await navigates(
      workspace,
      Object.assign(Object.create(null), {path: '/x'}, JSON.parse(JSON.stringify({title: 'y'}))),
    );
    expect(data).to.deep.equal({title: 'y'});

    // A spread would set the prototype of the copy instead of sending an own key.
    Object.defineProperty(attack, 'type', {value: 'meshes:navigate', enumerable: true});
    const after = workspace.events.length;
    await command(workspace.frame()!.contentWindow!, '').say(attack);
    const {detail} = await workspace.event('meshes-navigate', after);
    const copy = detail.data as Record<string, unknown>;
    expect(JSON.stringify(copy)).to.equal('{"a":{"b":[{}]},"title":"x"}');
    type Tree = {[key: string]: unknown};
    const merge = (target: Tree, source: Tree) => {
      for (const key of Object.keys(source)) {
        if (typeof source[key] === 'object')
          merge((target[key] ??= {}) as Tree, source[key] as Tree);
        else target[key] = source[key];
      }
    };
    merge({}, copy);
    expect(plain.polluted).to.equal(undefined);
    // This is what it would have done.
    merge({}, attack);
    expect(plain.polluted).to.be.a('number');
    delete (Object.prototype as Record<string, unknown>).polluted;
  });

  it('reads no message field from a polluted Object.prototype of the host page', async () => {
    const {friend, withstands} = await besieged();
    await withstands(1, async () => {
      const restore = pollute({type: 'meshes:navigate', path: '/polluted', height: 999});
      try {
        await friend.say({}, {title: 'x'}, [], 'x', {type: 'meshes:resize'});
      } finally {
        restore();
      }
    });
  });

  it('reads no field of a session response from a polluted Object.prototype of the host page', async () => {
    const endpoint = await createEndpoint([{json: {}}]);
    const restore = pollute({
      access_token: 'polluted',
      session_id: 'polluted',
      launch_url: hostileLaunchUrl(),
    });
    try {
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      const {detail} = await workspace.event('meshes-error');
      expect(detail.code).to.equal('endpoint_bad_response');
      expect(workspace.frame()).to.equal(null);
    } finally {
      restore();
    }
    await endpoint.script([
      {
        text: `{"__proto__": {"access_token": "polluted"}, "session_id": "s", "launch_url": "https://embed.meshes.io/"}`,
        headers: {'content-type': 'application/json'},
      },
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    expect((await workspace.event('meshes-error')).detail.code).to.equal('endpoint_bad_response');
    await endpoint.script([{json: sessionAnswer()}]);
    await workspace.element.reload();
    expect(workspace.element.state).to.equal('ready');
  });
});

describe('a height', () => {
  it('ignores an invalid height, and clamps one that is out of bounds', async () => {
    const {workspace, friend} = await besieged();
    const resized = async (height: unknown) => {
      const after = workspace.events.length;
      await friend.say({type: 'meshes:resize', height});
      return (await workspace.event('meshes-resize', after)).detail.height;
    };
    const ignored: unknown[] = [
      NaN,
      Infinity,
      -Infinity,
      -1,
      -0.001,
      -1e9,
      '600',
      '600px',
      '',
      null,
      undefined,
      true,
      [600],
      {valueOf: 600},
      {},
      600n,
      new Number(600),
      new Date(600),
      new Map(),
      new Uint16Array([600]),
    ];
    for (const height of ignored) await friend.say({type: 'meshes:resize', height});
    await friend.say({type: 'meshes:resize'});
    expect(await resized(1e9)).to.equal(20_000);
    expect(workspace.types().filter(type => type === 'meshes-resize')).to.have.length(1);
    expect(await resized(Number.MAX_VALUE)).to.equal(20_000);
    expect(await resized(5e-324)).to.equal(480);
    expect(await resized(700.01)).to.equal(701);
    expect(workspace.frame()!.getBoundingClientRect().height).to.equal(701);
  });
});

describe('a flood', () => {
  for (const [name, answer] of [
    ['of a long lifetime', {expires_in: 1800}],
    ['of an unknown lifetime', {expires_in: undefined}],
  ] as const) {
    it(`limits 1,000 refresh messages with a token ${name} to three requests and one warning`, async () => {
      const endpoint = await createEndpoint([
        {json: sessionAnswer({launch_url: hostileLaunchUrl(), ...answer})},
      ]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await workspace.hears(1);
      const friend = command(workspace.frame()!.contentWindow!, '');
      // In waves, so that they do not all join the first request.
      for (let wave = 0; wave < 20; wave++) {
        const half = {type: wave % 2 ? 'meshes:token-refresh' : 'meshes:token-expired'};
        await friend.order({fixture: 'say', messages: [half], times: 50});
        if (wave < 3) await workspace.event('meshes-token-refresh', 0);
        await workspace.reaches('ready');
      }
      await workspace.event('meshes-warning');
      const posts = (await endpoint.requests()).length - 1;
      expect(posts).to.equal(3);
      const warnings = workspace.events.filter(({type}) => type === 'meshes-warning');
      expect(warnings.map(({detail}) => detail.code)).to.deep.equal(['refresh_storm']);
      expect(workspace.element.state).to.equal('ready');
    });
  }

  it('answers 1,000 meshes:ready messages without a token request, and with fewer than 100 tokens', async () => {
    const {workspace, asked, friend} = await besieged();
    await friend.order({fixture: 'say', messages: [{type: 'meshes:ready'}], times: 1000});
    // The first one of the frame, nine at once, and the last one when it is its turn.
    await workspace.hears(11);
    expect(workspace.heard.length).to.be.below(100);
    expect(asked).to.have.length(1);
    expect(workspace.states().at(-1)).to.equal('ready');
  });

  it('reduces 5,000 navigation messages to at most 1,000 events, and reports the last path', async () => {
    const {workspace, friend} = await besieged();
    const navigation = {type: 'meshes:navigate', path: '/workspace/rules', extra: [1, 2, 3]};
    await friend.order({fixture: 'say', messages: [navigation], times: 5_000});
    await friend.say({type: 'meshes:navigate', path: '/workspace/events'});
    await workspace.navigated('/workspace/events');
    const events = workspace.types().filter(type => type === 'meshes-navigate');
    expect(events.length).to.be.within(20, 1_000);
  });

  it('drops messages with huge objects unread, and warns once', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer({launch_url: hostileLaunchUrl()})},
    ]);
    // In a page of its own: listeners of this one read every message before the element does.
    const page = document.createElement('iframe');
    page.src = pageUrl({
      body: `<script>
          const warnings = [];
          addEventListener('meshes-warning', ({detail}) => warnings.push(detail.code));
          addEventListener('meshes-ready', ({target}) => {
            const big = Array.from({length: 300_000}, () => ({}));
            const order = {fixture: 'say', messages: [{type: 'x', big}], times: 8, id: 'flood'};
            target.shadowRoot.querySelector('iframe').contentWindow.postMessage(order, '*');
            addEventListener('message', ({data}) => {
              if (data?.id === 'flood') parent.postMessage({warnings, state: target.state}, '*');
            });
          });
        </script>
        <meshes-workspace token-endpoint="${endpoint.url}"></meshes-workspace>`,
      scripts: ['/dist/cdn/meshes-workspace.iife.min.js'],
    });
    const after = arrivals.length;
    document.body.append(page);
    const {data} = await arrival(
      ({data: sent}) => Array.isArray((sent as {warnings?: unknown} | null)?.warnings),
      after,
    );
    page.remove();
    // Firefox and WebKit copy a message before it is delivered, so that nobody can leave it unread.
    const isCopiedEarly = !navigator.userAgent.includes('Chrome');
    expect(data).to.deep.equal({warnings: isCopiedEarly ? [] : ['message_flood'], state: 'ready'});
  });

  it('keeps the host page responsive while a frame sends values that are expensive to read', async () => {
    for (const [name, fields] of [
      ['millions of paths', {extra: doubled(24)}],
      ['bytes', {extra: new Uint8Array(1_000_000)}],
    ] as const) {
      // A frame that has not asked for its token yet is read in the same way.
      const mute = createWorkspace({
        sessionProvider: {mint: () => sessionAnswer({launch_url: hostileLaunchUrl({mute: true})})},
      });
      await mute.loaded(1);
      const {workspace} = await besieged();
      for (const each of [mute, workspace]) {
        const frame = command(each.frame()!.contentWindow!, '');
        const messages = Array.from({length: 100}, () => ({type: 'meshes:navigate', ...fields}));
        await frame.say(...messages, {type: 'meshes:navigate', path: '/workspace/rules'});
        await each.navigated('/workspace/rules');
        const data = each.events.filter(({type}) => type === 'meshes-navigate');
        expect(
          data.every(({detail}) => Object.keys(detail.data as object).length === 0),
          name,
        ).to.equal(true);
      }
    }
  });

  it('answers 1,000 meshes:ready messages near the end of the token with one refresh at a time', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer({launch_url: hostileLaunchUrl(), expires_in: 0.001})},
      {json: {access_token: 'token-2', expires_in: 1800}, hold: true},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.hears(1);
    const friend = command(workspace.frame()!.contentWindow!, '');
    await friend.order({fixture: 'say', messages: [{type: 'meshes:ready'}], times: 1000});
    await endpoint.requests({atLeast: 2});
    await endpoint.release();
    await workspace.event('meshes-token-refresh');
    expect(await endpoint.requests()).to.have.length(2);
  });
});
