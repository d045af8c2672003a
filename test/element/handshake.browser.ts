import {expect} from '@open-wc/testing';
import {crossSiteOrigin, pageUrl} from '../support/endpoint.js';
import {cleanUp, createWorkspace, launchUrl, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);

/** A provider that numbers its tokens. */
function counting(changes: Record<string, unknown> = {}) {
  const asked: (string | null)[] = [];
  return {
    asked,
    mint: ({sessionId}: {sessionId: string | null}) => {
      asked.push(sessionId);
      return sessionAnswer({access_token: `token-${asked.length}`, ...changes});
    },
  };
}

const auth = (number: number) => ({type: 'meshes:auth', token: `token-${number}`});

describe('the handshake', () => {
  it('answers every meshes:ready with the token', async () => {
    const workspace = createWorkspace({sessionProvider: counting()});
    await workspace.hears(1);
    workspace.say({type: 'meshes:ready'}, 2);
    expect(await workspace.hears(3)).to.deep.equal([auth(1), auth(1), auth(1)]);
    expect(workspace.types().filter(type => type === 'meshes-ready')).to.have.length(1);
  });

  it('sends the token to a frame that has reloaded itself, without a new session', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.hears(1);
    workspace.command({fixture: 'reload'});
    await workspace.loaded(2);
    expect(await workspace.hears(2)).to.deep.equal([auth(1), auth(1)]);
    expect(provider.asked).to.deep.equal([null]);
  });

  it('refreshes a token that is nearly expired before it answers meshes:ready', async () => {
    const provider = counting({expires_in: 0.001});
    const workspace = createWorkspace({sessionProvider: provider});
    await workspace.hears(1);
    workspace.say({type: 'meshes:ready'});
    expect(await workspace.hears(2)).to.deep.equal([auth(1), auth(2)]);
    expect(provider.asked).to.deep.equal([null, 'sess_1']);
  });

  it('ignores meshes:ready from a sibling frame, even from one of the right origin', async () => {
    const workspace = createWorkspace({sessionProvider: counting()});
    const sibling = document.createElement('iframe');
    sibling.src = launchUrl();
    const loaded = new Promise(resolve => sibling.addEventListener('load', resolve));
    document.body.append(sibling);
    await loaded;
    await workspace.reaches('ready');
    const before = workspace.events.length;
    const say = (target: Window, message: unknown) =>
      target.postMessage({fixture: 'say', message}, '*');
    say(sibling.contentWindow!, {type: 'meshes:resize', height: 900});
    say(sibling.contentWindow!, {type: 'meshes:navigate', path: '/workspace/rules'});
    // The same message from the frame itself, sent later, is the one that counts.
    workspace.say({type: 'meshes:navigate', path: '/workspace/events'});
    await workspace.event('meshes-navigate');
    expect(workspace.events.slice(before).map(({detail}) => detail.path)).to.deep.equal([
      '/workspace/events',
    ]);
    sibling.remove();
  });

  it('sends no token to a frame that has navigated to another origin', async () => {
    const workspace = createWorkspace({sessionProvider: counting()});
    await workspace.hears(1);
    const elsewhere = `${location.origin}/test/fixtures/embed.html?elsewhere`;
    workspace.command({fixture: 'go', url: elsewhere});
    const warning = await workspace.event('meshes-warning');
    expect(warning.detail.code).to.equal('frame_origin_changed');
    await workspace.loaded(2);
    workspace.say({type: 'meshes:token-refresh'});
    workspace.say({type: 'meshes:ready'});
    workspace.command({type: 'marker'});
    expect(await workspace.hears(2)).to.deep.equal([auth(1), {type: 'marker'}]);
    expect(workspace.element.state).to.equal('ready');
  });

  it('sends no token if the response arrives after the frame has navigated away', async () => {
    let answer!: () => void;
    const workspace = createWorkspace({
      sessionProvider: {
        mint: () => sessionAnswer(),
        refresh: () =>
          new Promise(resolve => {
            answer = () => resolve({access_token: 'token-2'});
          }),
      },
    });
    await workspace.hears(1);
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('refreshing');
    workspace.command({
      fixture: 'go',
      url: `${location.origin}/test/fixtures/embed.html?elsewhere`,
    });
    await workspace.loaded(2);
    answer();
    await workspace.reaches('ready');
    workspace.command({type: 'marker'});
    expect(await workspace.hears(2)).to.deep.equal([auth(1), {type: 'marker'}]);
  });

  it('refuses a launch URL from the backend that is outside of embed-origin', async () => {
    const workspace = createWorkspace({
      embedOrigin: 'https://embed.meshes.io https://embed.example',
      sessionProvider: counting(),
    });
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({code: 'origin_not_allowed', phase: 'mint'});
    expect(workspace.frame()).to.equal(null);
  });

  it('refuses a launch-url of another origin than the session of the token', async () => {
    const workspace = createWorkspace({
      launchUrl: launchUrl({mute: true}),
      sessionProvider: counting({launch_url: 'https://embed.meshes.io/workspace?launch=1'}),
    });
    const {detail} = await workspace.event('meshes-error');
    expect(detail.code).to.equal('origin_not_allowed');
    expect(workspace.frame()).to.equal(null);
  });

  it('relaunches a frame after a handshake timeout, then fails, and recovers on a late meshes:ready', async () => {
    const provider = counting();
    const mint = provider.mint;
    const workspace = createWorkspace({
      readyTimeout: 300,
      sessionProvider: {mint: request => ({...mint(request), launch_url: launchUrl({mute: true})})},
    });
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({code: 'handshake_timeout', phase: 'frame', retryable: true});
    expect(provider.asked).to.deep.equal([null, null]);
    expect(workspace.states()).to.deep.equal([
      'minting',
      'loading',
      'minting',
      'loading',
      'failed',
    ]);
    expect(workspace.events.filter(({detail}) => detail.code === 'slow')).to.have.length(2);
    // On a slow machine its document has not even loaded yet.
    const {src} = workspace.frame()!;
    while (!workspace.loads.includes(src)) await workspace.loaded(workspace.loads.length + 1);
    workspace.say({type: 'meshes:ready'});
    await workspace.reaches('ready');
    expect(await workspace.hears(1)).to.deep.equal([auth(2)]);
    expect(workspace.element.error).to.equal(null);
  });

  it('reports at once that the Content-Security-Policy of the host page blocks the frame', async () => {
    const page = document.createElement('iframe');
    page.src = pageUrl({
      headers: {'Content-Security-Policy': "frame-src 'self'"},
      scripts: ['/test/fixtures/blocked-page.ts'],
    });
    const report = new Promise<MessageEvent<{error: string; message: string}>>(resolve => {
      window.addEventListener('message', event => {
        if (event.source === page.contentWindow) resolve(event as never);
      });
    });
    document.body.append(page);
    const {data} = await report;
    expect(data.error).to.equal('csp_blocked');
    expect(data.message).to.contain(crossSiteOrigin).and.to.contain('frame-src');
    page.remove();
  });
});

describe('a token request from the frame', () => {
  it('makes one token request and sends one token, however often the frame asks', async () => {
    const provider = counting();
    let answer!: () => void;
    const workspace = createWorkspace({
      sessionProvider: {
        mint: provider.mint,
        refresh: ({sessionId}) =>
          new Promise(resolve => {
            answer = () => resolve(provider.mint({sessionId}));
          }),
      },
    });
    await workspace.hears(1);
    workspace.say({type: 'meshes:token-refresh'}, 20);
    await workspace.reaches('refreshing');
    answer();
    const {detail} = await workspace.event('meshes-token-refresh');
    expect(detail).to.include({sessionId: 'sess_1', cause: 'frame'});
    expect(detail.expiresAt).to.equal(workspace.element.expiresAt);
    expect(await workspace.hears(2)).to.deep.equal([auth(1), auth(2)]);
    expect(provider.asked).to.deep.equal([null, 'sess_1']);
  });

  it('serves at most three requests of the frame in a row, then waits and warns', async () => {
    const provider = counting();
    const workspace = createWorkspace({sessionProvider: provider});
    for (let served = 1; served <= 3; served++) {
      await workspace.hears(served);
      workspace.say({type: 'meshes:token-refresh'});
    }
    await workspace.hears(4);
    workspace.say({type: 'meshes:token-refresh'}, 1000);
    const warning = await workspace.event('meshes-warning');
    expect(warning.detail.code).to.equal('refresh_storm');
    expect(provider.asked).to.have.length(4);
    expect(workspace.element.state).to.equal('ready');
  });

  it('refreshes the token on meshes:token-expired too, and expires if the session has ended', async () => {
    const workspace = createWorkspace({
      sessionProvider: {
        mint: () => sessionAnswer(),
        refresh: () => ({access_token: 'x', session_id: 'another'}),
      },
    });
    await workspace.hears(1);
    workspace.say({type: 'meshes:token-expired'});
    const {detail} = await workspace.event('meshes-token-expired');
    const {error} = workspace.element;
    expect(detail).to.deep.equal({sessionId: 'sess_1', error});
    expect(workspace.element.state).to.equal('expired');
    expect(workspace.element.error!.code).to.equal('session_mismatch');
    expect(workspace.types()).not.to.include('meshes-error');
  });
});

describe('messages from the frame', () => {
  it('reports a path of the frame in meshes-navigate only if it is safe to follow', async () => {
    const workspace = createWorkspace({sessionProvider: counting()});
    await workspace.hears(1);
    workspace.say({type: 'meshes:navigate', path: '/workspace/rules?x=1', title: 'Rules'});
    workspace.say({type: 'meshes:navigate', path: 'javascript:alert(1)'});
    workspace.say({type: 'meshes:navigate', path: '//evil.example'});
    workspace.say({type: 'meshes:navigate', path: '/\\evil.example'});
    workspace.say({type: 'meshes:navigate'});
    workspace.say({type: 'meshes:navigate', path: '/workspace/events'});
    const isLast = ({detail}: {detail: Record<string, unknown>}) =>
      detail.path === '/workspace/events';
    while (!workspace.events.some(isLast)) {
      await workspace.event('meshes-navigate', workspace.events.length);
    }
    const navigated = workspace.events.filter(({type}) => type === 'meshes-navigate');
    expect(navigated.map(({detail}) => detail)).to.deep.equal([
      {path: '/workspace/rules?x=1', page: 'rules', data: {title: 'Rules'}},
      {path: null, page: null, data: {}},
      {path: null, page: null, data: {}},
      {path: null, page: null, data: {}},
      {path: null, page: null, data: {}},
      {path: '/workspace/events', page: 'events', data: {}},
    ]);
  });
});
