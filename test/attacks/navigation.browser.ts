/** Frames that show something else than what was launched in them: the window stays the same, and proves nothing. */
import {expect} from '@open-wc/testing';
import {
  arrival,
  arrivals,
  attacker,
  attackPage,
  command,
  dismissAttackers,
  hostileLaunchUrl,
  otherPortOrigin,
  stage,
  volley,
} from '../support/attackers.js';
import {createEndpoint, crossSiteOrigin} from '../support/endpoint.js';
import {auth, besieged, counting, expectNothingTold} from '../support/siege.js';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);
afterEach(dismissAttackers);

describe('a frame that has navigated to another origin', () => {
  for (const [where, origin] of [
    ['to another port of its host', otherPortOrigin],
    ['to the origin of the page', location.origin],
  ] as const) {
    it(`gives no token to a frame that has navigated ${where}, until it returns`, async () => {
      const {workspace, asked, friend} = await besieged();
      const before = workspace.events.length;
      const elsewhere = attackPage({origin});
      await friend.order({fixture: 'go', url: elsewhere.url});
      const stranger = await attacker(elsewhere.role);
      expect(stranger.window).to.equal(workspace.frame()!.contentWindow);
      expect(stranger.origin).to.equal(origin);
      expectNothingTold(await stranger.say(...volley('hostile'), ...volley('hostile')));
      expectNothingTold(await stranger.told());
      expect(workspace.events.slice(before).map(({detail}) => detail.code)).to.deep.equal([
        'frame_origin_changed',
      ]);
      expect(workspace.element.state).to.equal('ready');
      expect(asked).to.have.length(1);

      const back = attackPage({workspace: true});
      await stranger.order({fixture: 'go', url: back.url});
      const returned = await attacker(back.role);
      await workspace.hears(2);
      expect(await returned.told()).to.deep.equal([auth(1)]);
    });
  }

  it('gives no token to a frame that has navigated to a data: page, which has no origin', async () => {
    const {workspace, friend} = await besieged();
    const before = workspace.events.length;
    const thief = `<script>
      addEventListener('message', ({data}) => parent.postMessage({thief: data}, '*'));
      for (const type of ['meshes:ready', 'meshes:token-refresh']) parent.postMessage({type}, '*');
      parent.postMessage({thief: 'here'}, '*');
    </script>`;
    const after = arrivals.length;
    friend.window.postMessage(
      {fixture: 'go', url: `data:text/html,${encodeURIComponent(thief)}`},
      '*',
    );
    const isThief = ({data}: {data: unknown}) => (data as {thief?: unknown} | null)?.thief;
    const {origin, source} = await arrival(arrived => isThief(arrived) === 'here', after);
    expect([origin, source]).to.deep.equal(['null', workspace.frame()!.contentWindow]);
    workspace.frame()!.contentWindow!.postMessage('marker', '*');
    await arrival(arrived => isThief(arrived) === 'marker', after);
    expect(arrivals.slice(after).filter(isThief).map(isThief)).to.deep.equal(['here', 'marker']);
    expect(workspace.events.slice(before).map(({detail}) => detail.code)).to.deep.equal([
      'frame_origin_changed',
    ]);
  });

  it('gives no token to a frame that navigates away during the refresh, until it returns', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer({launch_url: hostileLaunchUrl()})},
      {json: {access_token: 'token-2'}, hold: true},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.hears(1);
    const friend = command(workspace.frame()!.contentWindow!, crossSiteOrigin);
    await friend.say({type: 'meshes:token-refresh'});
    await endpoint.requests({atLeast: 2});
    const elsewhere = attackPage({origin: otherPortOrigin});
    await friend.order({fixture: 'go', url: elsewhere.url});
    const stranger = await attacker(elsewhere.role);
    await endpoint.release();
    await workspace.event('meshes-token-refresh');
    expect(workspace.element.state).to.equal('ready');
    expectNothingTold(await stranger.told());
    expectNothingTold(await stranger.told());

    const back = attackPage({workspace: true});
    await stranger.order({fixture: 'go', url: back.url});
    await workspace.hears(2);
    expect(workspace.heard).to.deep.equal([auth(1), auth(2)]);
    expect(await endpoint.requests()).to.have.length(2);
  });

  it('gives no token to a frame that navigates away at the moment its token arrives', async function () {
    this.timeout(20_000);
    // Asks, and leaves without waiting: the answer and the navigation race each other.
    for (const delayMs of [0, 5, 20, 50, 100, 600]) {
      const endpoint = await createEndpoint([
        {json: sessionAnswer({launch_url: hostileLaunchUrl()})},
        {json: {access_token: 'token-2'}, delayMs},
      ]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await workspace.hears(1);
      const {contentWindow} = workspace.frame()!;
      const elsewhere = attackPage({origin: otherPortOrigin});
      contentWindow!.postMessage({fixture: 'say', messages: [{type: 'meshes:token-refresh'}]}, '*');
      contentWindow!.postMessage({fixture: 'go', url: elsewhere.url}, '*');
      const stranger = await attacker(elsewhere.role);
      await workspace.event('meshes-token-refresh');
      expectNothingTold(await stranger.told());
      expectNothingTold(await stranger.told());
      workspace.element.remove();
    }
  });
});

describe('a frame without an origin', () => {
  it('gives no token to a frame whose sandbox takes its origin away', async () => {
    const asked: string[] = [];
    const withSandbox = (sandbox: string) => {
      const {url, role} = attackPage({workspace: true});
      asked.push(role);
      return createWorkspace({
        sandbox,
        readyTimeout: 8_000,
        launchUrl: url,
        sessionId: 'sess_1',
        sessionProvider: {
          mint: ({sessionId}) =>
            sessionId ? {access_token: 'token-1'} : Promise.reject(new Error('once is enough')),
        },
      });
    };
    const workspace = withSandbox('allow-scripts');
    const nobody = await attacker(asked[0]!);
    expect(nobody.origin).to.equal('null');
    await workspace.reaches('loading');
    expectNothingTold(await nobody.say(...volley('hostile')));
    expectNothingTold(await nobody.told());
    expect(workspace.types()).not.to.include('meshes-navigate');
    expect(workspace.element.state).to.equal('loading');
    workspace.element.remove();

    const control = withSandbox('allow-scripts allow-same-origin');
    await control.reaches('ready');
    expect(await control.hears(1)).to.deep.equal([auth(1)]);
  });
});

describe('a frame of the page’s own origin', () => {
  it('refuses a frame on the origin of the host page before it loads, but takes another port', async () => {
    const own = () => attackPage({origin: location.origin, workspace: true});
    const [given, answered] = [own(), own()];
    const first = createWorkspace({launchUrl: given.url, sessionProvider: counting()});
    const second = createWorkspace({
      sessionProvider: counting(() => ({launch_url: answered.url})),
    });
    for (const [workspace, phase] of [
      [first, 'config'],
      [second, 'mint'],
    ] as const) {
      const {detail} = await workspace.event('meshes-error');
      expect(detail).to.include({code: 'origin_not_allowed', phase});
      expect(workspace.frame()).to.equal(null);
    }
    // As in local development.
    const neighbour = attackPage({origin: `http://localhost:${stage.port}`, workspace: true});
    const control = createWorkspace({
      sessionProvider: counting(() => ({launch_url: neighbour.url})),
    });
    expect(await control.hears(1)).to.deep.equal([auth(1)]);
    const loaded = arrivals.map(({data}) => (data as {role?: string} | null)?.role);
    expect(loaded).to.include(neighbour.role);
    expect(loaded).not.to.include(given.role);
    expect(loaded).not.to.include(answered.role);
  });
});
