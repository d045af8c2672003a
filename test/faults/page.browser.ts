/** What happens to the page around the element: it goes offline, sleeps, has a wrong clock, or is not looked at yet. */
import {expect} from '@open-wc/testing';
import {createEndpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

const {now} = Date;
const {random} = Math;
const HOUR = 3_600_000;

const restored = new Set<() => void>();
/** Says something else than the browser does, until the end of the test or until the returned function is called. */
function pretend(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const restore = () => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
    restored.delete(restore);
  };
  restored.add(restore);
  Object.defineProperty(target, name, {get: () => value, configurable: true});
  return restore;
}
const setOnline = (online: boolean) => pretend(navigator, 'onLine', online);
const shiftClock = (ms: number) => {
  Date.now = () => now() + ms;
};

beforeEach(() => {
  Math.random = () => 0;
});
afterEach(() => {
  cleanUp();
  Date.now = now;
  Math.random = random;
  // The last one first: each puts back what it has found.
  for (const restore of [...restored].reverse()) restore();
});

const auth = (token: string) => ({type: 'meshes:auth', token});
const codes = (workspace: Workspace, type: string) =>
  workspace.events.filter(event => event.type === type).map(({detail}) => detail.code);
const awake = () => document.dispatchEvent(new Event('visibilitychange'));

async function running(answer: Record<string, unknown> = {}) {
  const endpoint = await createEndpoint([
    {json: sessionAnswer(answer)},
    {json: {access_token: 'token-2', expires_in: 1800}},
  ]);
  const workspace = createWorkspace({tokenEndpoint: endpoint.url});
  await workspace.hears(1);
  return {endpoint, workspace};
}

describe('offline', () => {
  it('stays in minting while offline, and continues when the page is online again', async () => {
    setOnline(false);
    const endpoint = await createEndpoint([{cut: true}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    const {detail} = await workspace.event('meshes-warning');
    expect(detail.code).to.equal('offline');
    expect(workspace.element.state).to.equal('minting');
    const before = (await endpoint.requests()).length;
    await endpoint.script([{json: sessionAnswer()}]);
    setOnline(true);
    dispatchEvent(new Event('online'));
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(before + 1);
    expect(workspace.states()).to.deep.equal(['minting', 'loading', 'ready']);
  });

  it('makes one attempt even if the browser says that the page is offline', async () => {
    setOnline(false);
    const {workspace, endpoint} = await running();
    await workspace.element.refresh();
    expect(await endpoint.requests()).to.have.length(2);
    expect(workspace.types()).not.to.include('meshes-warning');
  });

  it('keeps the token of a frame while offline, even after its expiry, until there is a response', async () => {
    const {workspace, endpoint} = await running({expires_in: 60});
    setOnline(false);
    await endpoint.script([{cut: true}]);
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('reconnecting');
    expect(codes(workspace, 'meshes-warning')).to.deep.equal(['endpoint_network', 'offline']);
    workspace.say({type: 'meshes:ready'});
    expect(await workspace.hears(2)).to.deep.equal([auth('token-1'), auth('token-1')]);

    shiftClock(10 * HOUR);
    awake();
    await workspace.event('meshes-warning', workspace.events.length);
    expect(workspace.element.state).to.equal('reconnecting');
    expect(workspace.shown('expired')).to.equal(null);

    await endpoint.script([{json: {access_token: 'token-2'}}]);
    setOnline(true);
    dispatchEvent(new Event('online'));
    await workspace.event('meshes-token-refresh');
    expect((await workspace.hears(3)).at(-1)).to.deep.equal(auth('token-2'));
    expect(workspace.types()).not.to.include('meshes-token-expired');
  });

  it('expires a token after its end as soon as the endpoint refuses the refresh', async () => {
    const {workspace, endpoint} = await running({expires_in: 60});
    await endpoint.script([{status: 503}]);
    // (Not for so long that it would have expired without an answer, too.)
    shiftClock(70_000);
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('expired');
    expect(workspace.element.error).to.include({code: 'endpoint_server', retryable: true});
    expect(workspace.states().slice(-3)).to.deep.equal(['refreshing', 'reconnecting', 'expired']);
    // It may pass: waking up is worth one try, which keeps what was typed into the frame.
    const frame = workspace.frame();
    await endpoint.script([{json: {access_token: 'token-2', expires_in: 1800}}]);
    awake();
    await workspace.reaches('ready');
    expect((await workspace.hears(2)).at(-1)).to.deep.equal(auth('token-2'));
    expect(workspace.frame()).to.equal(frame);
  });
});

describe('a page that wakes up', () => {
  const wakes: [string, () => void][] = [
    ['by becoming visible', awake],
    [
      'from the back/forward cache',
      () => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})),
    ],
    ['from being frozen', () => document.dispatchEvent(new Event('resume'))],
    ['by going online', () => dispatchEvent(new Event('online'))],
  ];
  for (const [name, wake] of wakes) {
    it(`refreshes the token hours later, before the frame asks, when the page wakes ${name}`, async () => {
      const {workspace, endpoint} = await running();
      wake();
      shiftClock(0.5 * HOUR * 0.79);
      wake();
      expect(workspace.element.state, 'not due').to.equal('ready');
      shiftClock(8 * HOUR);
      wake();
      expect(workspace.element.state).to.equal('refreshing');
      const {detail} = await workspace.event('meshes-token-refresh');
      expect(detail.cause).to.equal('wake');
      expect((await workspace.hears(2)).at(-1)).to.deep.equal(auth('token-2'));
      expect(await endpoint.requests()).to.have.length(2);
      wake();
      expect(workspace.element.state, 'renewed').to.equal('ready');
    });
  }

  it('refreshes once on waking, however many events report it', async () => {
    const {workspace, endpoint} = await running();
    await endpoint.script([{hold: true, json: {access_token: 'token-2', expires_in: 1800}}]);
    shiftClock(8 * HOUR);
    for (const [, wake] of [...wakes, ...wakes]) wake();
    workspace.say({type: 'meshes:token-refresh'}, 10);
    // It comes back after those ten have been delivered.
    workspace.command({type: 'marker'});
    await workspace.hears(2);
    await endpoint.requests({atLeast: 2});
    await endpoint.release();
    await workspace.event('meshes-token-refresh');
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(2);
  });

  it('waits in the background until the page is visible', async () => {
    const {workspace} = await running();
    shiftClock(8 * HOUR);
    const restore = pretend(Document.prototype, 'visibilityState', 'hidden');
    for (const [, wake] of wakes.slice(0, 3)) wake();
    expect(workspace.element.state).to.equal('ready');
    restore();
    awake();
    expect(workspace.element.state).to.equal('refreshing');
    await workspace.reaches('ready');
  });

  it('keeps a live token if the clock was set back', async () => {
    const {workspace, endpoint} = await running();
    shiftClock(-48 * HOUR);
    for (const [, wake] of wakes) wake();
    workspace.say({type: 'meshes:ready'});
    expect(await workspace.hears(2)).to.deep.equal([auth('token-1'), auth('token-1')]);
    expect(await endpoint.requests()).to.have.length(1);
  });

  it('makes one attempt on each waking after a retryable failure', async () => {
    const endpoint = await createEndpoint([{status: 503}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('failed');
    expect(await endpoint.requests()).to.have.length(4);
    awake();
    await endpoint.requests({atLeast: 5});
    await endpoint.script([{json: sessionAnswer()}]);
    // The try that has failed leaves the state; the next wake is the next try.
    while (workspace.element.state === 'failed') {
      awake();
      await new Promise(requestAnimationFrame);
    }
    await workspace.reaches('ready');
  });
});

describe('a wrong clock', () => {
  for (const hours of [-24, 24, -8760, 8760]) {
    it(`expires nothing if the clock is wrong by ${hours} hours, because the Date of the response counts`, async () => {
      shiftClock(hours * HOUR);
      const expires_at = new Date(now() + 0.5 * HOUR).toISOString();
      const {workspace, endpoint} = await running({expires_in: undefined, expires_at});
      expect(workspace.element.expiresAt).to.be.closeTo(Date.now() + 0.5 * HOUR, 20_000);
      awake();
      workspace.say({type: 'meshes:ready'});
      await workspace.hears(2);
      expect(workspace.element.state).to.equal('ready');
      expect(await endpoint.requests()).to.have.length(1);
    });
  }
});

describe('an expiry', () => {
  it('clamps or ignores a far or invalid expiry, without a request or an event', async () => {
    const MAX = 2 ** 31 - 1;
    const cases: [string, Record<string, unknown>, number | null][] = [
      ['the year 9999', {expires_at: '9999-12-31T23:59:59Z'}, MAX],
      ['the end of time', {expires_at: '+275760-09-13T00:00:00Z'}, MAX],
      ['a million years', {expires_in: 3e13}, MAX],
      ['the largest number', {expires_in: Number.MAX_VALUE}, MAX],
      ['the past', {expires_at: '1999-01-01T00:00:00Z'}, null],
      ['a date that is none', {expires_at: 'soon'}, null],
      ['an empty date', {expires_at: ''}, null],
      ['nothing', {}, null],
      ['null', {expires_in: null, expires_at: null}, null],
      ['zero', {expires_in: 0}, null],
      ['less than nothing', {expires_in: -60}, null],
      ['a text that is not a number', {expires_in: 'soon'}, null],
      ['a number as text', {expires_in: '1800'}, 1_800_000],
      ['an object', {expires_in: {seconds: 1800}}, null],
    ];
    await Promise.all(
      cases.map(async ([name, answer, lifetime]) => {
        const {workspace, endpoint} = await running({expires_in: undefined, ...answer});
        const {expiresAt} = workspace.element;
        if (lifetime === null) expect(expiresAt, name).to.equal(null);
        else expect(expiresAt! - Date.now(), name).to.be.closeTo(lifetime, 20_000);
        awake();
        workspace.say({type: 'meshes:ready'});
        await workspace.hears(2);
        expect(workspace.element.state, name).to.equal('ready');
        expect(await endpoint.requests(), name).to.have.length(1);
      }),
    );
  });
});

describe('a prerendered page', () => {
  it('requests nothing during prerendering, because the launch token would expire', async () => {
    const restore = pretend(Document.prototype, 'prerendering', true);
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    // Another one, which is rendered for somebody, shows that this one has had its turn.
    await workspace.element.updateComplete;
    awake();
    dispatchEvent(new Event('online'));
    restore();
    const {workspace: other} = await running();
    expect(other.element.state).to.equal('ready');
    expect(workspace.element.state).to.equal('idle');
    expect(await endpoint.requests()).to.deep.equal([]);

    document.dispatchEvent(new Event('prerenderingchange'));
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(1);
  });
});
