import {expect} from '@open-wc/testing';
import {createEndpoint} from '../support/endpoint.js';
import {
  cleanUp,
  createWorkspace,
  launchUrl,
  sessionAnswer,
  type Workspace,
} from '../support/workspace.js';

afterEach(cleanUp);

function counting() {
  const asked: {launchPage: string | null; sessionId: string | null}[] = [];
  return {
    asked,
    mint: ({launchPage, sessionId}: {launchPage: string | null; sessionId: string | null}) => {
      asked.push({launchPage, sessionId});
      const number = asked.length;
      return sessionAnswer({session_id: sessionId ?? `sess_${number}`, access_token: `t${number}`});
    },
  };
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error as Error & {code: string},
  );

describe('a workspace that moves in the document', () => {
  it('ends the session when the element is removed, and starts a new one when it is inserted again', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.reaches('ready');
    workspace.element.remove();
    expect(workspace.element.state).to.equal('idle');
    expect(workspace.frame()).to.equal(null);
    expect(workspace.element.expiresAt).to.equal(null);
    document.body.append(workspace.element);
    await workspace.event('meshes-ready', workspace.events.length);
    expect(provider.asked).to.have.length(2);
  });

  it('starts a new session once after a plain move in the document', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.reaches('ready');
    const after = workspace.events.length;
    const other = document.createElement('section');
    document.body.append(other);
    other.append(workspace.element);
    await workspace.event('meshes-ready', after);
    expect(provider.asked).to.have.length(2);
    expect(workspace.element.shadowRoot!.querySelectorAll('iframe')).to.have.length(1);
    other.remove();
  });

  /** By `moveBefore` where there is one. */
  function move({element}: Workspace): Element {
    const section = document.createElement('section');
    document.body.append(section);
    type Move = (node: Node, child: Node | null) => void;
    const {moveBefore} = section as Element as {moveBefore?: Move};
    if (moveBefore) moveBefore.call(section, element, null);
    else section.append(element);
    return section;
  }

  it('starts a new session after a move before meshes:ready, because the frame may have reloaded', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.reaches('loading');
    const first = workspace.frame();
    const section = move(workspace);
    await workspace.reaches('ready');
    expect(workspace.frame()).not.to.equal(first);
    expect(provider.asked).to.have.length(2);
    section.remove();
  });

  it('keeps the session if moveBefore keeps the frame, and starts a new one otherwise', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.hears(1);
    const before = workspace.frame()!.contentWindow;
    const after = workspace.events.length;
    const section = move(workspace);
    const kept = workspace.frame()?.contentWindow === before;
    if (kept) {
      workspace.say({type: 'meshes:ready'});
      await workspace.hears(2);
      expect(workspace.events.slice(after)).to.be.empty;
    } else {
      await workspace.event('meshes-ready', after);
    }
    expect(provider.asked).to.have.length(kept ? 1 : 2);
    section.remove();
  });

  it('keeps two workspaces on one page independent', async () => {
    const first = createWorkspace({sessionProvider: counting()});
    const second = createWorkspace({sessionProvider: counting()});
    await Promise.all([first.hears(1), second.hears(1)]);
    first.say({type: 'meshes:navigate', path: '/workspace/rules'});
    second.say({type: 'meshes:token-refresh'});
    await Promise.all([first.event('meshes-navigate'), second.hears(2)]);
    expect(first.types()).not.to.include('meshes-token-refresh');
    expect(second.types()).not.to.include('meshes-navigate');
    first.element.remove();
    second.say({type: 'meshes:ready'});
    await second.hears(3);
  });

  it('aborts the token request of a removed workspace, and drops its response', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await endpoint.requests({atLeast: 1});
    const waiting = rejection(workspace.element.whenReady());
    workspace.element.remove();
    expect((await waiting).code).to.equal('aborted');
    expect(workspace.states()).to.deep.equal(['minting', 'idle']);
    while (!(await endpoint.requests())[0]!.aborted) await workspace.element.updateComplete;
  });
});

describe('a setting that changes', () => {
  it('starts a new session for another endpoint, and drops the late response of the first', async () => {
    const first = await createEndpoint([
      {json: sessionAnswer({session_id: 'of-a', access_token: 'a'}), hold: true},
    ]);
    const second = await createEndpoint([
      {json: sessionAnswer({session_id: 'of-b', access_token: 'b'})},
    ]);
    const workspace = createWorkspace({tokenEndpoint: first.url});
    await first.requests({atLeast: 1});
    workspace.element.tokenEndpoint = second.url;
    await workspace.reaches('ready');
    await first.release();
    expect(await workspace.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'b'}]);
    expect((await workspace.event('meshes-ready')).detail.sessionId).to.equal('of-b');
  });

  it('starts one new session for several changes together, and for a new launch URL', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.reaches('ready');
    const after = workspace.events.length;
    const next = launchUrl();
    workspace.element.allow = 'fullscreen';
    workspace.element.launchUrl = next;
    workspace.element.sessionId = 'given';
    await workspace.event('meshes-ready', after);
    expect(workspace.frame()!.src).to.equal(next);
    expect(provider.asked).to.deep.equal([
      {launchPage: null, sessionId: null},
      {launchPage: null, sessionId: 'given'},
    ]);
  });

  it('keeps the session when a setting gets the same value again', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('ready');
    const frame = workspace.frame();
    workspace.element.setAttribute('token-endpoint', endpoint.url);
    workspace.element.launchUrl = null;
    workspace.element.sandbox = '';
    workspace.element.requestHeaders = {'X-New': '1'};
    workspace.element.minHeight = 500;
    workspace.element.debug = false;
    await workspace.element.updateComplete;
    await workspace.element.refresh();
    expect(workspace.frame()).to.equal(frame);
    expect(await endpoint.requests()).to.have.length(2);
    expect((await endpoint.requests())[1]!.headers['x-new']).to.equal('1');
  });

  it('follows a change of launch-page, unless the frame already shows that page', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.hears(1);
    workspace.say({type: 'meshes:navigate', path: '/workspace/rules/7'});
    await workspace.event('meshes-navigate');
    const frame = workspace.frame();
    workspace.element.launchPage = 'rules';
    await workspace.element.updateComplete;
    await workspace.element.refresh();
    expect(workspace.frame()).to.equal(frame);
    const after = workspace.events.length;
    workspace.element.launchPage = 'events';
    await workspace.event('meshes-ready', after);
    expect(provider.asked.at(-1)).to.deep.equal({launchPage: 'events', sessionId: null});
  });
});

describe('refresh, reload and whenReady', () => {
  it('refresh and reload reject if the element is not in the document', async () => {
    const workspace = createWorkspace({sessionProvider: counting()}, {connect: false});
    expect((await rejection(workspace.element.refresh())).code).to.equal('aborted');
    expect((await rejection(workspace.element.reload())).code).to.equal('aborted');
  });

  it('refresh and whenReady wait for ready while the workspace is starting', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.event('meshes-state-change');
    await Promise.all([workspace.element.refresh(), workspace.element.whenReady()]);
    expect(workspace.element.state).to.equal('ready');
    expect(provider.asked).to.have.length(1);
    await workspace.element.whenReady();
  });

  it('reload starts a lazy workspace, and refresh and reload reject after a failure', async () => {
    const lazy = createWorkspace({sessionProvider: counting(), loading: 'lazy'});
    await lazy.element.reload();
    expect(lazy.element.state).to.equal('ready');
    const failing = createWorkspace({
      sessionProvider: {mint: () => sessionAnswer({access_token: ''})},
    });
    await failing.reaches('failed');
    expect(await rejection(failing.element.refresh())).to.equal(failing.element.error);
    expect((await rejection(failing.element.reload())).code).to.equal('endpoint_bad_response');
  });

  it('meshes-token-refresh reports who asked for the token', async () => {
    const workspace = createWorkspace({sessionProvider: counting()});
    await workspace.hears(1);
    await Promise.all([workspace.element.refresh(), workspace.element.refresh()]);
    const refreshed = workspace.events.filter(({type}) => type === 'meshes-token-refresh');
    expect(refreshed.map(({detail}) => detail.cause)).to.deep.equal(['manual']);
    expect(workspace.states()).to.deep.equal([
      'minting',
      'loading',
      'ready',
      'refreshing',
      'ready',
    ]);
  });
});

describe('the state property', () => {
  it('sets a custom state for each state, and fires one event for each change in order', async () => {
    const workspace = createWorkspace({sessionProvider: counting()});
    await workspace.reaches('ready');
    expect(workspace.element.matches(':state(ready)')).to.equal(true);
    expect(workspace.element.matches(':state(loading)')).to.equal(false);
    workspace.element.remove();
    const changes = workspace.events.filter(({type}) => type === 'meshes-state-change');
    expect(changes.map(({detail}) => [detail.previousState, detail.state])).to.deep.equal([
      ['idle', 'minting'],
      ['minting', 'loading'],
      ['loading', 'ready'],
      ['ready', 'idle'],
    ]);
  });

  it('fires events that bubble and are composed, so that outer listeners receive them', async () => {
    const host = document.createElement('div');
    const root = host.attachShadow({mode: 'open'});
    document.body.append(host);
    const heard: string[] = [];
    host.addEventListener('meshes-ready', ({type}) => heard.push(type));
    const workspace = createWorkspace({sessionProvider: counting()}, {parent: root as never});
    await workspace.reaches('ready');
    expect(heard).to.deep.equal(['meshes-ready']);
    host.remove();
  });
});
