import {expect} from '@open-wc/testing';
import {MeshesError, MeshesWorkspaceElement} from '../../src/element/index.js';
import {createEndpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, launchUrl, observe, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);

const status = (element: MeshesWorkspaceElement) =>
  element.shadowRoot!.querySelector('[role=status]')!.textContent;
const busy = (element: MeshesWorkspaceElement) =>
  element.shadowRoot!.querySelector('.workspace')!.getAttribute('aria-busy');

/** Mints once, and refuses to refresh. */
const expiring = () => ({
  mint: () => sessionAnswer(),
  refresh: () => Promise.reject(new MeshesError('session_revoked', 'refresh', 'Revoked.')),
});

describe('the loading view', () => {
  it('shows the loading view until the workspace is ready, and announces it once', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('minting');
    expect(workspace.shown('loading')).not.to.equal(null);
    expect(busy(workspace.element)).to.equal('true');
    expect(status(workspace.element)).to.equal('Loading workspace…');
    await endpoint.requests({atLeast: 1});
    await endpoint.release();
    await workspace.reaches('ready');
    expect(workspace.shown('loading')).to.equal(null);
    expect(busy(workspace.element)).to.equal('false');
    expect(status(workspace.element)).to.equal('Workspace loaded.');
  });

  it('delays the skeleton for 0.2 s, so that a fast start does not flash', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('minting');
    await workspace.element.updateComplete;
    const skeleton = workspace.element.shadowRoot!.querySelector('.skeleton')!;
    const [appearance] = skeleton.getAnimations();
    appearance!.pause();
    const visibilityAt = (ms: number) => {
      appearance!.currentTime = ms;
      return getComputedStyle(skeleton).visibility;
    };
    expect(visibilityAt(199)).to.equal('hidden');
    expect(visibilityAt(200)).to.equal('visible');
  });

  it('gives the loading view the size of the frame', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('minting');
    const before = workspace.element.getBoundingClientRect().height;
    await endpoint.requests({atLeast: 1});
    await endpoint.release();
    await workspace.reaches('ready');
    expect(before).to.equal(480);
    expect(workspace.element.getBoundingClientRect().height).to.equal(480);
  });

  it('shows the loading view of the host page from its slot', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const host = document.createElement('div');
    host.innerHTML = `<meshes-workspace token-endpoint="${endpoint.url}">
      <p slot="loading">Just a moment</p><p slot="error">Oh</p><p slot="expired">Over</p>
    </meshes-workspace>`;
    document.body.append(host);
    const workspace = observe(host.querySelector('meshes-workspace')!);
    await workspace.reaches('minting');
    const visible = () =>
      [...host.querySelectorAll('p')].filter(p => p.checkVisibility()).map(p => p.slot);
    expect(visible()).to.deep.equal(['loading']);
    await endpoint.requests({atLeast: 1});
    await endpoint.release();
    await workspace.reaches('ready');
    expect(visible()).to.be.empty;
    host.remove();
  });
});

describe('the error view', () => {
  it('shows an error with advice, and Retry requests a new session with new headers', async () => {
    const endpoint = await createEndpoint([
      {status: 401},
      {status: 401, hold: true},
      {json: sessionAnswer()},
    ]);
    let turn = 0;
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.url,
      requestHeaders: () => ({'X-Turn': String((turn += 1))}),
    });
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({code: 'endpoint_unauthorized', status: 401, retryable: false});
    await workspace.element.updateComplete;
    expect(workspace.shown('error')).to.contain('You are signed out.');
    expect(status(workspace.element)).to.contain('You are signed out.');

    workspace.button()!.click();
    await workspace.element.updateComplete;
    expect(workspace.button()!.getAttribute('aria-disabled')).to.equal('true');
    // A second click while it is busy changes nothing.
    workspace.button()!.click();
    await endpoint.requests({atLeast: 2});
    await workspace.element.updateComplete;
    expect(workspace.button()!.getAttribute('aria-disabled')).to.equal('true');
    await endpoint.release();
    await workspace.changes(() => workspace.button()!.getAttribute('aria-disabled') === 'false');
    expect(workspace.element.state).to.equal('failed');

    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(workspace.states()).to.deep.equal(['minting', 'failed', 'loading', 'ready']);
    const turns = (await endpoint.requests()).map(({headers}) => headers['x-turn']);
    expect(turns).to.deep.equal(['1', '2', '3']);
    expect(workspace.types().filter(type => type === 'meshes-error')).to.have.length(1);
  });

  it('hides the error view if the host page cancels the event', async () => {
    const endpoint = await createEndpoint([{status: 403}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url}, {connect: false});
    workspace.element.addEventListener('meshes-error', event => event.preventDefault());
    document.body.append(workspace.element);
    await workspace.reaches('failed');
    expect(workspace.shown('error')).to.equal(null);
    expect(workspace.shown('loading')).to.equal(null);
  });

  it('shows the texts of MeshesWorkspaceElement.strings in the error view', async () => {
    const {strings} = MeshesWorkspaceElement;
    MeshesWorkspaceElement.strings = {
      ...strings,
      errorTitle: 'Der Arbeitsbereich lädt nicht',
      errors: {default: 'Bitte noch einmal versuchen.'},
      retry: 'Nochmal',
    };
    const endpoint = await createEndpoint([{json: {}}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('failed');
    expect(workspace.shown('error')).to.contain('Der Arbeitsbereich lädt nicht');
    expect(workspace.shown('error')).to.contain('Bitte noch einmal versuchen.');
    expect(workspace.button()!.innerText).to.equal('Nochmal');
    MeshesWorkspaceElement.strings = strings;
  });
});

describe('the expired view', () => {
  it('covers the unchanged frame after expiry, and Reload starts a new session', async () => {
    const workspace = createWorkspace({sessionProvider: expiring()});
    await workspace.hears(1);
    const frame = workspace.frame()!;
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('expired');
    expect(workspace.frame()).to.equal(frame);
    expect(frame.inert).to.equal(true);
    expect(workspace.shown('expired')).to.contain('Your session has ended');
    expect(status(workspace.element)).to.contain('Your session has ended');
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(workspace.frame()).not.to.equal(frame);
    expect(workspace.frame()!.inert).to.equal(false);
    expect(workspace.shown('expired')).to.equal(null);
  });

  it('hides the expired view if the host page cancels the event, and stays expired', async () => {
    const workspace = createWorkspace({sessionProvider: expiring()});
    workspace.element.addEventListener('meshes-token-expired', event => event.preventDefault());
    await workspace.hears(1);
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('expired');
    expect(workspace.shown('expired')).to.equal(null);
    expect(workspace.frame()!.inert).to.equal(false);
    expect(workspace.element.matches(':state(expired)')).to.equal(true);
  });
});

describe('the focus', () => {
  it('moves the focus into the frame, and to the button of a view that covers it', async () => {
    const workspace = createWorkspace({sessionProvider: expiring()});
    await workspace.hears(1);
    const {element} = workspace;
    element.focus();
    expect(element.shadowRoot!.activeElement).to.equal(workspace.frame());
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('expired');
    expect(element.shadowRoot!.activeElement).to.equal(workspace.button());
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(element.shadowRoot!.activeElement).to.equal(workspace.frame());
  });

  it('does not take the focus from the host page', async () => {
    const input = document.createElement('input');
    document.body.append(input);
    input.focus();
    const workspace = createWorkspace({sessionProvider: expiring()});
    await workspace.hears(1);
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('expired');
    expect(document.activeElement).to.equal(input);
    input.remove();
  });
});

describe('an unresponsive frame after a reload', () => {
  it('reports an unresponsive frame, and shows a Reload button above it until meshes:ready', async function () {
    this.timeout(20_000);
    const workspace = createWorkspace({sessionProvider: {mint: () => sessionAnswer()}});
    await workspace.reaches('loading');
    await new Promise(resolve => workspace.frame()!.addEventListener('load', resolve));
    await workspace.hears(1);
    workspace.command({fixture: 'go', url: launchUrl({mute: true})});
    const {detail} = await workspace.event('meshes-warning');
    expect(detail.code).to.equal('frame_reloaded');
    await workspace.element.updateComplete;
    expect(workspace.button()!.innerText).to.equal('Reload');
    expect(workspace.element.state).to.equal('ready');
    workspace.say({type: 'meshes:navigate', path: '/workspace/rules'});
    await workspace.navigated('/workspace/rules');
    await workspace.element.updateComplete;
    expect(workspace.button(), 'any message shows that it responds').to.equal(null);
    workspace.say({type: 'meshes:ready'});
    await workspace.hears(2);
    await workspace.element.updateComplete;
    expect(workspace.button()).to.equal(null);
  });
});
