import {expect} from '@open-wc/testing';
import {MeshesError, type MeshesErrorCode, type MeshesErrorPhase} from '../../src/element/index.js';
import {
  cleanUp,
  createWorkspace,
  launchUrl,
  sessionAnswer,
  type Workspace,
} from '../support/workspace.js';

afterEach(cleanUp);

type Properties = Parameters<typeof createWorkspace>[0];

const never = () => new Promise<never>(() => {});
const refuse = (code: MeshesErrorCode, phase: MeshesErrorPhase) => () =>
  Promise.reject(new MeshesError(code, phase, 'Refused.'));

const start = async (state: string, properties: Properties, parent?: HTMLElement) => {
  const workspace = createWorkspace(properties, {parent});
  await workspace.reaches(state);
  return workspace;
};
const mint = () => sessionAnswer();

/** One that is ready, and whose refresh leads to another state. */
const refreshed = async (
  state: string,
  refresh: () => Promise<never>,
  parent?: HTMLElement,
): Promise<Workspace> => {
  const workspace = await start('ready', {sessionProvider: {mint, refresh}}, parent);
  workspace.element.refresh().catch(() => {});
  await workspace.reaches(state);
  return workspace;
};

/** Every state and every view, and how an element gets there. */
const VIEWS: Record<string, (parent?: HTMLElement) => Promise<Workspace>> = {
  idle: parent => start('idle', {deferHydration: true}, parent),
  minting: parent => start('minting', {sessionProvider: {mint: never}}, parent),
  loading: parent =>
    start(
      'loading',
      {sessionProvider: {mint: () => sessionAnswer({launch_url: launchUrl({mute: true})})}},
      parent,
    ),
  ready: parent => start('ready', {sessionProvider: {mint}}, parent),
  refreshing: parent => refreshed('refreshing', never, parent),
  reconnecting: parent => refreshed('reconnecting', refuse('endpoint_server', 'refresh'), parent),
  expired: parent => refreshed('expired', refuse('session_revoked', 'refresh'), parent),
  failed: parent =>
    start('failed', {sessionProvider: {mint: refuse('endpoint_unauthorized', 'mint')}}, parent),
  misconfigured: parent => start('failed', {tokenEndpoint: 'http://example.com/'}, parent),
  retrying: async parent => {
    const sessionProvider = {mint: refuse('endpoint_forbidden', 'mint')};
    const workspace = await start('failed', {sessionProvider}, parent);
    sessionProvider.mint = never;
    workspace.button()!.click();
    await workspace.changes(() => workspace.button()?.ariaDisabled === 'true');
    return workspace;
  },
};

/** Which part of the element has the focus; in words, as test runners cannot print frames. */
function focused({element}: Workspace): string {
  const active = element.shadowRoot!.activeElement;
  return active ? active.className || active.localName : 'nothing';
}

/** What the live region has said since now: its text after each change. */
function listen({element}: Workspace): () => string[] {
  const region = element.shadowRoot!.querySelector('[role=status]')!;
  const said: string[] = [];
  const note = () => said.push(region.textContent);
  const observer = new MutationObserver(note);
  observer.observe(region, {characterData: true, childList: true, subtree: true});
  return () => {
    if (observer.takeRecords().length > 0) note();
    return said;
  };
}

describe('the built-in views', () => {
  for (const scheme of ['light', 'dark']) {
    for (const [name, show] of Object.entries(VIEWS)) {
      it(`a view passes axe, contrast included: ${name}, ${scheme}`, async () => {
        document.documentElement.style.colorScheme = scheme;
        document.documentElement.style.background = 'Canvas';
        const {element} = await show();
        await expect(element).to.be.accessible();
        document.documentElement.removeAttribute('style');
      });
    }
  }

  it('fails axe if the text has too little contrast', async () => {
    const {element} = await VIEWS.failed!();
    element.style.setProperty('--meshes-workspace-muted', '#bbb');
    await expect(element).not.to.be.accessible();
  });

  it('keeps each view within 320 px, right to left too', async () => {
    for (const direction of ['ltr', 'rtl']) {
      const page = document.createElement('div');
      page.dir = direction;
      page.style.inlineSize = '320px';
      document.body.append(page);
      for (const show of [VIEWS.failed!, VIEWS.expired!]) {
        const {element} = await show(page);
        const {left, right} = element.shadowRoot!.querySelector('.card')!.getBoundingClientRect();
        const box = page.getBoundingClientRect();
        expect(left).to.be.at.least(box.left);
        expect(right).to.be.at.most(box.right);
        expect(element.scrollWidth).to.equal(320);
      }
      page.remove();
    }
  });

  it('keeps each view within the element at twice the text size', async () => {
    const page = document.createElement('div');
    page.style.cssText = 'font-size: 200%; inline-size: 320px';
    document.body.append(page);
    for (const show of [VIEWS.failed!, VIEWS.misconfigured!, VIEWS.expired!]) {
      const {element} = await show(page);
      const card = element.shadowRoot!.querySelector('.card')!;
      expect(card.scrollWidth).to.equal(card.clientWidth);
      const {bottom} = card.getBoundingClientRect();
      expect(bottom).to.be.at.most(element.getBoundingClientRect().bottom);
    }
    page.remove();
  });

  for (const [name, show] of Object.entries(VIEWS)) {
    it(`describes the view in the shadow root, without an attribute on the element: ${name}`, async () => {
      const {element, frame} = await show();
      expect(element.getAttributeNames()).to.be.empty;
      expect(element.role).to.equal(null);
      const root = element.shadowRoot!;
      const region = root.querySelector('[role=status]')!;
      expect(region.getAttribute('aria-live')).to.equal('polite');
      const busy = root.querySelector('.workspace')!.getAttribute('aria-busy');
      expect(busy).to.equal(String(name === 'minting' || name === 'loading'));
      if (frame()) expect(frame()!.title).to.equal('Meshes workspace');
      // What is covered can neither be reached nor read out.
      if (frame()) expect(frame()!.inert).to.equal(['loading', 'expired'].includes(name));
    });
  }
});

describe('the live region', () => {
  it('announces once that the workspace loads, and once that it is ready', async () => {
    const workspace = createWorkspace({deferHydration: true, sessionProvider: {mint}});
    await workspace.element.updateComplete;
    const said = listen(workspace);
    workspace.element.deferHydration = false;
    await workspace.reaches('ready');
    expect(workspace.states()).to.deep.equal(['minting', 'loading', 'ready']);
    expect(said()).to.deep.equal(['Loading workspace…', 'Workspace loaded.']);
  });

  it('announces neither token refreshes nor retries', async () => {
    let refresh: () => unknown = () => ({access_token: 'token-2', expires_in: 1800});
    const workspace = await start('ready', {
      sessionProvider: {mint, refresh: () => refresh() as never},
    });
    const said = listen(workspace);
    await workspace.element.refresh();
    refresh = refuse('endpoint_server', 'refresh');
    workspace.element.refresh().catch(() => {});
    await workspace.reaches('reconnecting');
    refresh = () => ({access_token: 'token-3', expires_in: 1800});
    await workspace.element.refresh();
    await workspace.reaches('ready');
    expect(said()).to.be.empty;
  });

  it('announces once that the session has ended, and that another one loads', async () => {
    const workspace = await VIEWS.ready!();
    const said = listen(workspace);
    workspace.element.sessionProvider = {mint, refresh: refuse('session_revoked', 'refresh')};
    workspace.element.refresh().catch(() => {});
    await workspace.reaches('expired');
    const [ended = '', ...rest] = said();
    expect(ended).to.match(/^Your session has ended\. Reload to start a new session\./);
    expect(rest).to.be.empty;
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(said().slice(1)).to.deep.equal(['Loading workspace…', 'Workspace loaded.']);
  });

  it('announces that the workspace is back after its session had ended', async () => {
    const workspace = await VIEWS.expired!();
    const said = listen(workspace);
    const refresh = () => ({access_token: 'token-2', expires_in: 1800});
    workspace.element.sessionProvider = {mint, refresh};
    await workspace.element.refresh();
    await workspace.reaches('ready');
    expect(said()).to.deep.equal(['Workspace loaded.']);
  });

  it('announces a failure once, then the retry, and then that it has failed again', async () => {
    const workspace = createWorkspace({
      deferHydration: true,
      sessionProvider: {mint: refuse('endpoint_forbidden', 'mint')},
    });
    await workspace.element.updateComplete;
    const said = listen(workspace);
    workspace.element.deferHydration = false;
    await workspace.reaches('failed');
    const wrong =
      'The workspace could not be loaded. You do not have access to this workspace. Ask an administrator for access.';
    expect(said()).to.deep.equal(['Loading workspace…', wrong]);
    const before = said().length;
    workspace.button()!.click();
    await workspace.changes(() => said().length === before + 2);
    expect(said().slice(before)).to.deep.equal(['Retrying…', wrong]);
    workspace.element.sessionProvider = {mint};
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(said().slice(before + 2)).to.deep.equal([
      'Retrying…',
      'Loading workspace…',
      'Workspace loaded.',
    ]);
  });
});

describe('the focus', () => {
  it('keeps the focus on Retry during a failed retry, and moves it into the frame after a successful one', async () => {
    const workspace = await VIEWS.failed!();
    workspace.element.focus();
    const retry = workspace.button();
    expect(focused(workspace)).to.equal('button');
    retry!.click();
    await workspace.changes(() => retry!.ariaDisabled === 'true');
    expect(focused(workspace)).to.equal('button');
    await workspace.changes(() => retry!.ariaDisabled === 'false');
    expect(focused(workspace)).to.equal('button');
    workspace.element.sessionProvider = {mint};
    retry!.click();
    await workspace.reaches('ready');
    expect(focused(workspace)).to.equal('iframe');
  });

  it('keeps the focus in the element if the next view has no button', async () => {
    const workspace = await VIEWS.ready!();
    workspace.element.focus();
    workspace.element.tokenEndpoint = 'http://example.com/';
    await workspace.reaches('failed');
    expect(workspace.button()).to.equal(null);
    expect(focused(workspace)).to.equal('workspace');
  });

  it('keeps the focus in the frame during a token refresh', async () => {
    const workspace = await VIEWS.ready!();
    workspace.element.focus();
    await workspace.element.refresh();
    expect(focused(workspace)).to.equal('iframe');
  });

  it('keeps the focus in the element while another session loads', async () => {
    const workspace = await VIEWS.expired!();
    workspace.element.focus();
    expect(focused(workspace)).to.equal('button');
    workspace.element.sessionProvider = {mint: never};
    workspace.button()!.click();
    await workspace.reaches('minting');
    expect(focused(workspace)).to.equal('workspace');
  });
});

describe('the bar over an unresponsive frame', () => {
  it('shows a bar that passes axe in light and dark, and returns the focus to the frame', async function () {
    this.timeout(25_000);
    const workspace = await start('loading', {sessionProvider: {mint}});
    await new Promise(resolve => workspace.frame()!.addEventListener('load', resolve));
    await workspace.hears(1);
    await workspace.element.updateComplete;
    const said = listen(workspace);
    workspace.command({fixture: 'go', url: launchUrl({mute: true})});
    await workspace.event('meshes-warning');
    await workspace.element.updateComplete;
    expect(said()).to.deep.equal(['The workspace is not responding.']);
    for (const scheme of ['light', 'dark']) {
      document.documentElement.style.colorScheme = scheme;
      document.documentElement.style.background = 'Canvas';
      await expect(workspace.element).to.be.accessible();
      document.documentElement.removeAttribute('style');
    }
    await workspace.element.refresh();
    await workspace.element.updateComplete;
    expect(said().slice(1)).to.be.empty;
    workspace.button()!.focus();
    workspace.say({type: 'meshes:ready'});
    await workspace.changes(() => workspace.button() === null);
    expect(focused(workspace)).to.equal('iframe');
    expect(said().slice(1)).to.deep.equal(['Workspace loaded.']);
  });
});
