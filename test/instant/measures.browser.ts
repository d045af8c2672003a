import {expect} from '@open-wc/testing';
import {createEndpoint, type Endpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, launchUrl, sessionAnswer} from '../support/workspace.js';

/** The entries of the package, in the order in which they ended. */
const entries = () =>
  performance
    .getEntriesByType('measure')
    .filter(({name}) => name.startsWith('meshes-workspace:')) as PerformanceMeasure[];
const names = () => entries().map(({name}) => name.slice('meshes-workspace:'.length));
const entry = (name: string) => entries().find(each => each.name === `meshes-workspace:${name}`)!;

let endpoint: Endpoint;

beforeEach(async () => {
  endpoint = await createEndpoint([{json: sessionAnswer()}]);
  performance.clearMeasures();
});

afterEach(cleanUp);

/** Waits for the `load` event of the frame, which can come after the workspace is ready. */
const measured = (name: string) =>
  new Promise<void>(resolve => {
    const observer = new PerformanceObserver(() => {
      if (!names().includes(name)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe({type: 'measure', buffered: true});
  });

describe('the performance timeline', () => {
  it('shows the token request, the frame, the handshake, and the whole start, once each', async () => {
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('ready');
    await measured('frame');
    workspace.say({type: 'meshes:ready'});
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.event('meshes-token-refresh');
    expect(names().sort()).to.deep.equal(['frame', 'handshake', 'ready', 'token']);
  });

  it('shows the frame and the handshake after the token, and all of them within the whole start', async () => {
    await createWorkspace({tokenEndpoint: endpoint.url}).reaches('ready');
    await measured('frame');
    const [token, frame, handshake, ready] = ['token', 'frame', 'handshake', 'ready'].map(entry);
    const end = ({startTime, duration}: PerformanceEntry) => startTime + duration;
    expect(ready!.startTime).to.be.at.most(token!.startTime);
    // Browsers round times, each to 0.1 ms or to 1 ms.
    expect(frame!.startTime).to.be.within(end(token!) - 2, end(handshake!));
    expect(handshake!.startTime).to.be.within(end(token!) - 2, end(handshake!));
    expect(end(ready!)).to.be.at.least(end(handshake!) - 2);
  });

  it('shows all of it for a session that the page was rendered with', async () => {
    const settings = {tokenEndpoint: endpoint.url, launchUrl: launchUrl(), sessionId: 'sess_1'};
    await createWorkspace(settings).reaches('ready');
    await measured('frame');
    expect(names().sort()).to.deep.equal(['frame', 'handshake', 'ready', 'token']);
  });

  it('shows no ID, URL, or token', async () => {
    const answer = {session_id: 'sess_CANARY', access_token: 'token-CANARY'};
    await endpoint.script([
      {json: sessionAnswer({...answer, launch_url: `${launchUrl()}&CANARY`})},
    ]);
    await createWorkspace({tokenEndpoint: `${endpoint.url}?CANARY`}).reaches('ready');
    await measured('frame');
    const shown = entries().map(each => JSON.stringify([each.toJSON(), each.detail]));
    expect(shown.join()).not.to.match(/CANARY|https?:/);
  });

  it('shows a track in the performance panel of the browser', async () => {
    await createWorkspace({tokenEndpoint: endpoint.url}).reaches('ready');
    const devtools = {dataType: 'track-entry', track: 'meshes-workspace'};
    expect(entry('ready').detail).to.deep.equal({devtools});
  });

  it('does not disturb the workspace if a script of the page has broken it', async () => {
    const measure = () => {
      throw new SyntaxError('The mark [object Object] does not exist.');
    };
    Object.defineProperty(performance, 'measure', {configurable: true, value: measure});
    try {
      await createWorkspace({tokenEndpoint: endpoint.url}).reaches('ready');
    } finally {
      Reflect.deleteProperty(performance, 'measure');
    }
  });
});
