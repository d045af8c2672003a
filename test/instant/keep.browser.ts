import {expect} from '@open-wc/testing';
import type {MeshesWorkspaceElement} from '../../src/element/index.js';
import {START_EVENT} from '../../src/element/handover.js';
import {discard, keep, type KeepOptions} from '../../src/instant/index.js';
import {vKeepWorkspace} from '../../src/vue.js';
import {createEndpoint, type Endpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

const address = location.href;
const canMove = 'moveBefore' in Element.prototype;

let endpoint: Endpoint;
let restoreClock = () => {};

beforeEach(async () => {
  endpoint = await createEndpoint([
    {json: sessionAnswer()},
    {json: sessionAnswer({session_id: 'sess_2', access_token: 'token-2'})},
    {json: sessionAnswer({session_id: 'sess_3', access_token: 'token-3'})},
  ]);
});

afterEach(() => {
  cleanUp();
  discard();
  history.replaceState(null, '', address);
  restoreClock();
  restoreClock = () => {};
});

/** Hours pass for everything that reads the wall clock; timers do not notice. */
function shiftClock(ms: number): void {
  const {now} = Date;
  Date.now = () => now() + ms;
  restoreClock = () => {
    Date.now = now;
  };
}

/** A workspace that works: it has shown a page, and its frame has a height. */
async function open(properties: Partial<MeshesWorkspaceElement> = {}): Promise<Workspace> {
  const workspace = createWorkspace({tokenEndpoint: endpoint.url, ...properties});
  await workspace.hears(1);
  return workspace;
}

/** What a router does that leaves a route. */
function leave({element}: Workspace, options?: KeepOptions): boolean {
  const kept = keep(element, options);
  element.remove();
  return kept;
}

/** What a router does that returns to a route. */
async function back(properties: Partial<MeshesWorkspaceElement> = {}): Promise<Workspace> {
  const workspace = createWorkspace({tokenEndpoint: endpoint.url, ...properties});
  await workspace.reaches('ready');
  return workspace;
}

/** The hosts of hidden places. */
const hidden = () => [...document.documentElement.children].slice(2);
const requested = async () => (await endpoint.requests()).length;

/** The next report of the page in the frame, after a command. */
function reported(workspace: Workspace, command: Record<string, unknown>, name: string) {
  return new Promise<Record<string, unknown>>(resolve => {
    const listen = ({data}: MessageEvent<{fixture?: string; data: Record<string, unknown>}>) => {
      if (data?.fixture !== name) return;
      removeEventListener('message', listen);
      resolve(data.data);
    };
    addEventListener('message', listen);
    workspace.command(command);
  });
}

if (canMove) {
  describe('keep', () => {
    it('shows the frame again in the next element, without a request', async () => {
      const first = await open();
      first.say({type: 'meshes:navigate', path: '/workspace/rules', title: 'Rules'});
      await first.navigated('/workspace/rules');
      const frame = first.frame()!;
      const shown = frame.contentWindow;

      expect(leave(first)).to.equal(true);
      const second = await back();

      expect(second.frame()).to.equal(frame);
      expect(frame.contentWindow).to.equal(shown);
      expect(frame.inert).to.equal(false);
      expect(await requested()).to.equal(1);
      expect(second.loads).to.have.length(0);
      await endpoint.script([{json: sessionAnswer({access_token: 'token-2'})}]);
      second.say({type: 'meshes:token-refresh'});
      await second.event('meshes-token-refresh');
      expect(await second.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'token-2'}]);
      expect((await endpoint.requests())[1]!.body).to.equal('{"session_id":"sess_1"}');
    });

    it('tells the page of the next element what it needs to know, and nothing else', async () => {
      const first = await open();
      first.say({type: 'meshes:navigate', path: '/workspace/rules', title: 'Rules'});
      first.say({type: 'meshes:resize', height: 900});
      await first.event('meshes-resize');
      leave(first);
      const second = await back();
      expect(second.events).to.deep.equal([
        {type: 'meshes-state-change', detail: {state: 'ready', previousState: 'idle'}},
        {
          type: 'meshes-ready',
          detail: {sessionId: 'sess_1', origin: new URL(sessionAnswer().launch_url).origin},
        },
        {
          type: 'meshes-navigate',
          detail: {path: '/workspace/rules', page: 'rules', data: {title: 'Rules'}},
        },
        {type: 'meshes-resize', detail: {height: 900, contentHeight: 900}},
      ]);
      expect(second.element.path).to.equal('/workspace/rules');
      expect(second.element.expiresAt).to.be.greaterThan(Date.now());
    });

    it('gives the frame its height in the first render, so that a router can restore the scroll position', async () => {
      const first = await open();
      first.say({type: 'meshes:resize', height: 2_345});
      await first.event('meshes-resize');
      leave(first);
      const {element} = createWorkspace({tokenEndpoint: endpoint.url});
      await element.updateComplete;
      expect(element.getBoundingClientRect().height).to.equal(2_345);
    });

    it('leaves the height to a page that sets it', async () => {
      const own = {minHeight: 0};
      const first = createWorkspace({tokenEndpoint: endpoint.url, ...own});
      first.element.addEventListener('meshes-resize', event => event.preventDefault());
      await first.hears(1);
      first.say({type: 'meshes:resize', height: 900});
      await first.event('meshes-resize');
      leave(first);
      const second = createWorkspace({tokenEndpoint: endpoint.url, ...own});
      second.element.addEventListener('meshes-resize', event => event.preventDefault());
      await second.reaches('ready');
      expect(second.frame()!.style.height).to.equal('');
    });

    it('keeps what the user has typed, and where the user was', async () => {
      const properties: Partial<MeshesWorkspaceElement> = {fit: 'fill'};
      const first = await open(properties);
      first.element.focus();
      const {scrolled} = await reported(first, {fixture: 'use', text: 'half a rule'}, 'used');
      expect(scrolled).to.be.greaterThan(1_000);
      const before = await reported(first, {fixture: 'look'}, 'looked');
      leave(first);
      const second = await back(properties);
      // A document that has not been rendered yet does not know where it is.
      await rendered();
      expect(await reported(second, {fixture: 'look'}, 'looked')).to.deep.equal(before);
    });

    it('takes the focus out of a workspace that it keeps, and leaves the focus alone when it returns', async () => {
      const first = await open();
      first.element.focus();
      expect(document.activeElement).to.equal(first.element);
      leave(first);
      expect(document.activeElement).to.equal(document.body);
      const second = await back();
      expect(document.activeElement).to.equal(document.body);
      second.element.focus();
      expect(second.element.shadowRoot!.activeElement).to.equal(second.frame());
    });

    it('hides the frame from users, from assistive technology, and from scripts', async () => {
      const first = await open();
      const frame = first.frame()!;
      const {clientWidth, clientHeight} = frame;
      leave(first);
      // Its document does not notice.
      expect([frame.clientWidth, frame.clientHeight]).to.deep.equal([clientWidth, clientHeight]);
      const [place, ...more] = hidden();
      expect(more).to.have.length(0);
      expect(frame.inert).to.equal(true);
      expect(frame.checkVisibility({visibilityProperty: true})).to.equal(false);
      expect((place as HTMLElement).inert).to.equal(true);
      expect(place!.shadowRoot).to.equal(null);
      expect(place!.childNodes).to.have.length(0);
      expect(document.querySelectorAll('iframe')).to.have.length(0);
      await back();
      expect(hidden()).to.have.length(0);
    });

    it('fires no event while the workspace is kept, and tells afterwards what has changed', async () => {
      const first = await open();
      const frame = first.frame()!;
      leave(first);
      const before = first.events.length;
      expect(first.events.at(-1)!.detail.state).to.equal('idle');
      const say = (message: unknown) =>
        frame.contentWindow!.postMessage({fixture: 'say', message}, '*');
      for (const path of ['/workspace/events', '/workspace/rules']) {
        say({type: 'meshes:navigate', path});
      }
      say({type: 'meshes:resize', height: 1_111});
      await passed(frame);
      expect(first.events.length).to.equal(before);
      const second = await back();
      expect(second.element.path).to.equal('/workspace/rules');
      await second.event('meshes-resize');
      expect(
        second.events.filter(({type}) => type === 'meshes-navigate').map(({detail}) => detail.path),
      ).to.deep.equal(['/workspace/rules']);
      expect(second.element.getBoundingClientRect().height).to.equal(1_111);
    });

    it('requests no token while the workspace is kept; what the frame has asked for is requested on return', async () => {
      const first = await open();
      const frame = first.frame()!;
      leave(first);
      for (const type of ['meshes:token-refresh', 'meshes:token-expired']) {
        frame.contentWindow!.postMessage({fixture: 'say', message: {type}, times: 10}, '*');
      }
      await passed(frame);
      for (const event of ['visibilitychange', 'resume']) document.dispatchEvent(new Event(event));
      window.dispatchEvent(new Event('online'));
      window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
      expect(await requested()).to.equal(1);
      await endpoint.script([{json: sessionAnswer({access_token: 'token-2'})}]);
      const second = createWorkspace({tokenEndpoint: endpoint.url});
      await second.event('meshes-token-refresh');
      expect(await requested()).to.equal(2);
      expect(await second.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'token-2'}]);
    });

    it('refreshes a token that is due on return', async () => {
      await endpoint.script([{json: sessionAnswer({expires_in: 100})}, {json: sessionAnswer()}]);
      leave(await open());
      shiftClock(90_000);
      expect(await requested()).to.equal(1);
      const second = createWorkspace({tokenEndpoint: endpoint.url});
      const {detail} = await second.event('meshes-token-refresh');
      expect(detail.cause).to.equal('wake');
      expect(await requested()).to.equal(2);
    });

    it('gives the workspace back to its own element when that returns', async () => {
      const first = await open();
      const frame = first.frame();
      leave(first);
      document.body.append(first.element);
      await first.reaches('ready');
      expect(first.frame()).to.equal(frame);
      expect(await requested()).to.equal(1);
    });

    it('keeps the workspace of an element that Vue removes, with the value of the directive', async () => {
      const [first, second] = [await open(), await open()];
      for (const {element} of [first, second]) {
        vKeepWorkspace.beforeUnmount(element, {value: {max: 2}});
        element.remove();
      }
      expect(hidden()).to.have.length(2);
      await back();
      vKeepWorkspace.beforeUnmount((await back()).element, {value: undefined});
      expect(await requested()).to.equal(2);
      expect(hidden()).to.have.length(1);
    });

    it('starts nothing in an element that stays in the page', async () => {
      const {element} = await open();
      keep(element);
      element.minHeight = 300;
      await element.updateComplete;
      expect(element.state).to.equal('idle');
      expect(await requested()).to.equal(1);
    });

    for (const [change, properties] of Object.entries({
      'another subject': {subject: 'other'},
      'another endpoint': {tokenEndpoint: '/another/endpoint'},
      'a refresh endpoint': {refreshEndpoint: '/another/endpoint'},
    })) {
      it(`discards the workspace when an element with ${change} starts`, async () => {
        const first = await open();
        const frame = first.frame()!;
        leave(first);
        const other = createWorkspace({tokenEndpoint: endpoint.url, ...properties});
        await other.element.updateComplete;
        expect(frame.isConnected).to.equal(false);
        expect(hidden()).to.have.length(0);
        expect(other.frame()).not.to.equal(frame);
      });
    }

    for (const [change, properties] of Object.entries({
      'another launch page': {launchPage: 'rules'},
      'another list of origins': {embedOrigin: new URL(sessionAnswer().launch_url).origin},
      'another sandbox': {sandbox: 'allow-scripts allow-same-origin'},
      'headers and no subject': {requestHeaders: {'X-Tenant': 'b'}},
      'a launch URL': {launchUrl: sessionAnswer().launch_url, sessionId: 'sess_2'},
    } satisfies Record<string, Partial<MeshesWorkspaceElement>>)) {
      it(`starts a new session in an element with ${change}`, async () => {
        leave(await open());
        const second = await open(properties);
        expect(await requested()).to.equal(2);
        expect(second.loads).to.have.length(1);
        expect((await second.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
      });
    }

    it('passes the workspace to an element with other headers if both have the same subject', async () => {
      const settings = () => ({subject: 'user-1', requestHeaders: () => ({Authorization: 'x'})});
      leave(await open(settings()));
      await back(settings());
      expect(await requested()).to.equal(1);
    });

    it('starts a new session for reload() and open()', async () => {
      const first = await open();
      const idle = createWorkspace(
        {tokenEndpoint: endpoint.url, loading: 'lazy'},
        {parent: distant()},
      );
      await idle.element.updateComplete;
      leave(first);
      await idle.element.reload();
      expect(idle.events.find(({type}) => type === 'meshes-ready')!.detail.sessionId).to.equal(
        'sess_2',
      );
      expect(hidden()).to.have.length(1);
    });

    it('discards the workspace when its time is over, also after sleep', async () => {
      const first = await open();
      const frame = first.frame()!;
      leave(first, {for: 20});
      await removed();
      expect(frame.isConnected).to.equal(false);

      leave(await open());
      shiftClock(300_000);
      await back();
      expect(await requested()).to.equal(3);
    });

    it('keeps one workspace, or as many as it is told', async () => {
      const [one, two] = [await open(), await open()];
      const frames = [one.frame()!, two.frame()!];
      leave(one);
      leave(two);
      expect(frames.map(frame => frame.isConnected)).to.deep.equal([false, true]);
      const three = await open({launchPage: 'rules'});
      leave(three, {max: 2});
      expect(hidden()).to.have.length(2);
      expect((await back()).frame()).to.equal(frames[1]);
    });

    it('requests nothing and shows nothing of a user who has signed out', async () => {
      const first = await open();
      const frame = first.frame()!;
      leave(first);
      frame.contentWindow!.postMessage(
        {fixture: 'say', message: {type: 'meshes:token-refresh'}},
        '*',
      );
      discard();
      expect(frame.isConnected).to.equal(false);
      await removed();
      expect(await requested()).to.equal(1);
      const second = await back();
      expect((await second.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
    });

    it('keeps nothing before the workspace is ready', async () => {
      await endpoint.script([{json: sessionAnswer(), hold: true}]);
      const starting = createWorkspace({tokenEndpoint: endpoint.url});
      await starting.reaches('minting');
      expect(keep(starting.element)).to.equal(false);
      expect(starting.element.state).to.equal('minting');
      expect(hidden()).to.have.length(0);
      await endpoint.release();
    });

    it('keeps nothing while a bar says that the frame does not respond, and leaves the focus in it', async () => {
      const {element, frame} = await open();
      element.focus();
      const bar = Object.assign(document.createElement('div'), {className: 'bar'});
      element.shadowRoot!.append(bar);
      expect(keep(element)).to.equal(false);
      expect(element.state).to.equal('ready');
      expect(element.shadowRoot!.activeElement).to.equal(frame());
    });

    it('keeps nothing without time or number', async () => {
      const {element} = await open();
      for (const options of [{for: 0}, {max: 0}, {for: NaN}, {max: NaN}]) {
        expect(keep(element, options)).to.equal(false);
      }
      expect(element.state).to.equal('ready');
    });

    it('starts a new session if the page has removed the frame', async () => {
      leave(await open());
      for (const place of hidden()) place.remove();
      const second = await back();
      expect(await requested()).to.equal(2);
      expect(second.states()).to.deep.equal(['minting', 'loading', 'ready']);
    });

    it('passes the workspace on when the router has changed the address before it removes the element', async () => {
      const first = await open();
      history.replaceState(null, '', '/elsewhere');
      expect(leave(first)).to.equal(true);
      history.replaceState(null, '', address);
      const second = await back();
      expect(second.loads).to.have.length(0);
      expect(await requested()).to.equal(1);
    });

    it('discards the workspace when the address makes a relative endpoint another one', async () => {
      const relative = {tokenEndpoint: endpoint.url.replace(/.*\//, './')};
      history.replaceState(null, '', new URL('.', new URL(endpoint.url, address)));
      const first = await open(relative);
      const frame = first.frame()!;
      // As for a workspace of another customer, whose name is in the address.
      history.replaceState(null, '', '/another/');
      expect(leave(first)).to.equal(true);
      const other = createWorkspace(relative);
      await other.element.updateComplete;
      expect(frame.isConnected).to.equal(false);
      expect(hidden()).to.have.length(0);
    });

    it('survives a router that replaces the body', async () => {
      leave(await open());
      const {body} = document;
      document.body = document.createElement('body');
      document.body = body;
      const second = await back();
      expect(second.loads).to.have.length(0);
      expect(await requested()).to.equal(1);
    });

    it('adds no entry with an ID or a URL to the performance timeline', async () => {
      leave(await open());
      performance.clearMeasures();
      await back();
      const entries = performance.getEntriesByType('measure') as PerformanceMeasure[];
      expect(entries.map(({name}) => name)).to.deep.equal(['meshes-workspace:ready']);
      expect(entries[0]!.duration).to.be.lessThan(50);
      expect(entries[0]!.detail).to.deep.equal({
        devtools: {dataType: 'track-entry', track: 'meshes-workspace'},
      });
    });

    it('leaves nothing behind after a thousand keeps and returns', async () => {
      const listeners = countListeners();
      try {
        let workspace = await open();
        const atStart = listeners.count();
        const nodes = document.querySelectorAll('*').length;
        for (let round = 0; round < 1_000; round++) {
          if (!leave(workspace)) throw new Error(`not kept in round ${round}`);
          cleanUp();
          workspace = await back();
        }
        expect(await requested()).to.equal(1);
        expect(workspace.loads).to.have.length(0);
        expect(listeners.count()).to.deep.equal(atStart);
        expect(document.querySelectorAll('*').length).to.equal(nodes);
        expect(hidden()).to.have.length(0);
        cleanUp();
        expect(listeners.count()).to.deep.equal({});
      } finally {
        listeners.restore();
      }
    }).timeout(60_000);
  });
} else {
  describe('keep without moveBefore', () => {
    it('keeps nothing, and the next element starts a new session', async () => {
      const first = await open();
      expect(leave(first)).to.equal(false);
      expect(hidden()).to.have.length(0);
      const second = await back();
      expect((await second.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
    });
  });
}

/** Resolves when the frame has handled the messages before, and the page those of the frame. */
function passed(frame: HTMLIFrameElement): Promise<void> {
  return new Promise(resolve => {
    const listen = ({data, source}: MessageEvent<{fixture?: string}>) => {
      if (source !== frame.contentWindow || data?.fixture !== 'looked') return;
      removeEventListener('message', listen);
      resolve();
    };
    addEventListener('message', listen);
    frame.contentWindow!.postMessage({fixture: 'look'}, '*');
  });
}

/** Resolves when no hidden place is left. */
function removed(): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (hidden().length > 0) return;
      observer.disconnect();
      resolve();
    };
    const observer = new MutationObserver(check);
    observer.observe(document.documentElement, {childList: true});
    check();
  });
}

const rendered = () =>
  new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));

/** A parent that a lazy element does not start in. */
function distant(): HTMLElement {
  const parent = document.createElement('div');
  parent.style.cssText = 'position: absolute; top: 20000px';
  document.body.append(parent);
  return parent;
}

/** Counts the listeners of the package on the window and the document. */
function countListeners() {
  const counts = new Map<string, number>();
  const types = ['online', 'pageshow', 'visibilitychange', 'resume', START_EVENT];
  const own = {addEventListener: 1, removeEventListener: -1};
  for (const target of [Window.prototype, Document.prototype]) {
    for (const [name, step] of Object.entries(own)) {
      const value = function (this: EventTarget, ...listener: [string, ...unknown[]]) {
        const [type] = listener;
        if (types.includes(type)) counts.set(type, (counts.get(type) ?? 0) + step);
        Reflect.apply(
          Reflect.get(EventTarget.prototype, name) as (...args: unknown[]) => void,
          this,
          listener,
        );
      };
      Object.defineProperty(target, name, {configurable: true, value});
    }
  }
  return {
    count: () => Object.fromEntries([...counts].filter(([, count]) => count !== 0)),
    restore() {
      for (const target of [Window.prototype, Document.prototype]) {
        for (const name of Object.keys(own)) Reflect.deleteProperty(target, name);
      }
    },
  };
}
