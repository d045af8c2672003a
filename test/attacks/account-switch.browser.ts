/** One user leaves and another one comes, while answers for the first are still under way. */
import {expect} from '@open-wc/testing';
import {arrivals, dismissAttackers, hostileLaunchUrl} from '../support/attackers.js';
import {createEndpoint, type Endpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, launchUrl, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);
afterEach(dismissAttackers);

const of = (user: string, changes: Record<string, unknown> = {}) =>
  sessionAnswer({session_id: `session-of-${user}`, access_token: `token-of-${user}`, ...changes});

const tokens = (heard: unknown[]) => heard.map(message => (message as {token?: string}).token);

/** An answer that is released after its request was given up is written to nobody, or dropped: either way nothing may come of it. */
async function late(endpoint: Endpoint): Promise<void> {
  await endpoint.requests({aborted: 1});
  await endpoint.release();
}

describe('a change of user', () => {
  it('drops the session of the first user if the user changes while it is being created', async () => {
    const ofA = await createEndpoint([{json: of('a'), hold: true}]);
    const ofB = await createEndpoint([{json: of('b')}]);
    const workspace = createWorkspace({tokenEndpoint: ofA.url});
    await ofA.requests({atLeast: 1});
    workspace.element.tokenEndpoint = ofB.url;
    await workspace.reaches('ready');
    await late(ofA);
    await workspace.element.refresh();
    expect(tokens(await workspace.hears(2))).to.deep.equal(['token-of-b', 'token-of-b']);
    expect((await workspace.event('meshes-ready')).detail.sessionId).to.equal('session-of-b');
  });

  it('drops the frame and the pending token refresh of the first user if the user changes', async () => {
    const ofA = await createEndpoint([
      {json: of('a', {launch_url: hostileLaunchUrl()})},
      {json: of('a', {access_token: 'second-of-a'}), hold: true},
    ]);
    const ofB = await createEndpoint([{json: of('b', {launch_url: hostileLaunchUrl()})}]);
    const workspace = createWorkspace({tokenEndpoint: ofA.url});
    await workspace.hears(1);
    const first = workspace.frame()!;
    first.contentWindow!.postMessage(
      {fixture: 'say', messages: [{type: 'meshes:token-refresh'}]},
      '*',
    );
    await ofA.requests({atLeast: 2});
    workspace.element.tokenEndpoint = ofB.url;
    await workspace.element.updateComplete;
    await workspace.event('meshes-state-change', workspace.events.length - 1);
    expect(workspace.element.expiresAt).to.equal(null);
    await workspace.reaches('ready');
    await late(ofA);
    expect(first.isConnected).to.equal(false);
    await workspace.element.refresh();
    expect(tokens(await workspace.hears(3))).to.deep.equal([
      'token-of-a',
      'token-of-b',
      'token-of-b',
    ]);
    const ready = workspace.events.filter(({type}) => type === 'meshes-ready');
    expect(ready.map(({detail}) => detail.sessionId)).to.deep.equal([
      'session-of-a',
      'session-of-b',
    ]);
  });

  it('uses only the session of the last user, whatever the order of the responses', async () => {
    const endpoints: Endpoint[] = [];
    for (const user of ['a', 'b', 'c', 'd']) {
      endpoints.push(await createEndpoint([{json: of(user), hold: true}]));
    }
    const workspace = createWorkspace({tokenEndpoint: endpoints[0]!.url});
    for (const endpoint of endpoints) {
      workspace.element.tokenEndpoint = endpoint.url;
      await endpoint.requests({atLeast: 1});
    }
    for (const endpoint of endpoints.toReversed()) await endpoint.release();
    await workspace.reaches('ready');
    expect(tokens(await workspace.hears(1))).to.deep.equal(['token-of-d']);
    expect(workspace.types().filter(type => type === 'meshes-ready')).to.have.length(1);
  });

  for (const [name, change] of [
    ['session-id', {sessionId: 'session-of-b'}],
    ['launch-url', {launchUrl: launchUrl(), sessionId: 'session-of-b'}],
    ['credentials', {credentials: 'omit'}],
    ['refresh-endpoint', {refreshEndpoint: '/somewhere/else'}],
    ['embed-origin', {embedOrigin: `https://embed.meshes.io http://127.0.0.1:${location.port}`}],
  ] as const) {
    it(`ends the request, the token and the frame of the first user when ${name} changes`, async () => {
      const asked: {sessionId: string | null; signal: AbortSignal}[] = [];
      let answer: (() => void) | undefined;
      const workspace = createWorkspace({
        sessionProvider: {
          mint: ({sessionId, signal}) => {
            asked.push({sessionId, signal});
            return of(asked.length === 1 ? 'a' : 'b');
          },
          refresh: ({sessionId, signal}) => {
            asked.push({sessionId, signal});
            return new Promise(resolve => {
              answer = () => resolve({access_token: 'second-of-a'});
            });
          },
        },
      });
      await workspace.hears(1);
      const frame = workspace.frame()!;
      const refreshed = workspace.element.refresh().catch((error: unknown) => error);
      await workspace.reaches('refreshing');
      Object.assign(workspace.element, change);
      expect(await refreshed).to.include({code: 'aborted'});
      expect(asked[1]!.signal.aborted).to.equal(true);
      expect(frame.isConnected).to.equal(false);
      answer!();
      await workspace.reaches('ready');
      expect(tokens(await workspace.hears(2))).to.deep.equal(['token-of-a', 'token-of-b']);
    });
  }

  it('fails with session_mismatch, and sends no token, if the endpoint answers for another user', async () => {
    const endpoint = await createEndpoint([
      {json: of('a', {launch_url: hostileLaunchUrl()})},
      {json: of('a', {access_token: 'second-of-a', launch_url: undefined})},
      {json: of('b')},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.hears(1);
    const ask = () =>
      workspace
        .frame()!
        .contentWindow!.postMessage(
          {fixture: 'say', messages: [{type: 'meshes:token-refresh'}], id: 'x'},
          '*',
        );
    ask();
    await workspace.hears(2);
    const after = arrivals.length;
    ask();
    await workspace.reaches('expired');
    expect(workspace.element.error).to.include({code: 'session_mismatch', phase: 'refresh'});
    expect(arrivals.length).to.be.greaterThan(after);
    expect(tokens(workspace.heard)).to.deep.equal(['token-of-a', 'second-of-a']);
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(tokens(await workspace.hears(3)).at(-1)).to.equal('token-of-b');
  });
});
