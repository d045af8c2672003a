/** Pages of the workspace: where a session starts, where it returns to, and `open()`. */
import {expect} from '@open-wc/testing';
import {launchPageOf} from '../../src/element/index.js';
import type {LaunchPage} from '../../src/element/launch-page.js';
import {isMeshesError, MeshesError} from '../../src/errors.js';
import {
  cleanUp,
  createWorkspace,
  launchUrl,
  sessionAnswer,
  type Workspace,
} from '../support/workspace.js';

afterEach(cleanUp);

type Properties = Parameters<typeof createWorkspace>[0];

/** A ready workspace, and the pages that it has asked for. */
async function ready(properties: Properties = {}) {
  const asked: (string | null)[] = [];
  const workspace = createWorkspace({
    sessionProvider: {
      mint: ({launchPage}) => {
        asked.push(launchPage);
        return sessionAnswer();
      },
      refresh: () => {
        throw new MeshesError('session_expired', 'refresh', 'It has ended.');
      },
    },
    ...properties,
  });
  await workspace.reaches('ready');
  return {workspace, element: workspace.element, asked};
}

async function navigate(workspace: Workspace, path: string) {
  const after = workspace.events.length;
  workspace.say({type: 'meshes:navigate', path});
  return (await workspace.event('meshes-navigate', after)).detail;
}

describe('path and page', () => {
  it('tell where the frame is, in the event and as properties', async () => {
    const {workspace, element} = await ready();
    expect([element.path, element.page]).to.deep.equal([null, null]);
    expect(await navigate(workspace, '/workspace/rules/7')).to.include({
      path: '/workspace/rules/7',
      page: 'rules',
    });
    expect([element.path, element.page]).to.deep.equal(['/workspace/rules/7', 'rules']);
    expect(await navigate(workspace, '/workspace/mappings')).to.include({page: null});
    expect([element.path, element.page]).to.deep.equal(['/workspace/mappings', null]);
    element.remove();
    expect(element.path).to.equal(null);
    expect(launchPageOf('/workspace/events?page=2')).to.equal('events');
  });
});

describe('a new session', () => {
  const restarts: [string, (workspace: Workspace) => Promise<void> | void][] = [
    ['reload()', ({element}) => element.reload()],
    [
      'removing the element and adding it again, as keep-alive does',
      ({element}) => {
        element.remove();
        document.body.append(element);
      },
    ],
  ];
  for (const [name, restart] of restarts) {
    it(`returns to the last launchable page after ${name}`, async () => {
      const {workspace, asked} = await ready({launchPage: 'connections'});
      await navigate(workspace, '/workspace/rules/7');
      await navigate(workspace, '/workspace/mappings');
      await restart(workspace);
      await workspace.element.whenReady();
      expect(asked).to.deep.equal(['connections', 'rules']);
    });
  }

  it('returns to the last launchable page when a person clicks Reload', async () => {
    const {workspace, asked} = await ready();
    await navigate(workspace, '/workspace/events');
    workspace.say({type: 'meshes:token-expired'});
    await workspace.reaches('expired');
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(asked.at(-1)).to.equal('events');
  });

  it('starts on the page of launch-page for another subject', async () => {
    const {workspace, element, asked} = await ready({launchPage: 'connections', subject: 'a'});
    await navigate(workspace, '/workspace/rules');
    element.subject = 'b';
    await workspace.reaches('ready');
    expect(asked).to.deep.equal(['connections', 'connections']);
  });
});

describe('launch-page', () => {
  it('restarts nothing when it names the page of the frame, no page, or an unknown one', async () => {
    const {workspace, element, asked} = await ready();
    await navigate(workspace, '/workspace/rules/7');
    for (const page of ['rules', null, 'settings', '', 'rules']) {
      element.launchPage = page as LaunchPage | null;
      await element.updateComplete;
      await Promise.resolve();
    }
    expect(element.state).to.equal('ready');
    expect(asked).to.have.length(1);
  });

  it('starts a new session on a page that the frame has left', async () => {
    const {workspace, element, asked} = await ready({launchPage: 'rules'});
    await navigate(workspace, '/workspace/mappings');
    element.launchPage = null;
    await element.updateComplete;
    element.launchPage = 'rules';
    await workspace.reaches('ready');
    expect(asked).to.deep.equal(['rules', 'rules']);
  });

  it('starts a new session on another page that it names', async () => {
    const {workspace, element, asked} = await ready({launchPage: 'connections'});
    const after = workspace.events.length;
    element.launchPage = 'rules';
    await workspace.event('meshes-ready', after);
    expect(asked).to.deep.equal(['connections', 'rules']);
  });

  it('starts on the dashboard, with a warning, when it names no launchable page', async () => {
    const {workspace, asked} = await ready({launchPage: 'settings' as LaunchPage});
    const {detail} = await workspace.event('meshes-warning');
    expect(detail.code).to.equal('launch_page_ignored');
    expect(asked).to.deep.equal([null]);
  });
});

describe('open()', () => {
  it('does nothing if the frame is on this page', async () => {
    const {workspace, element, asked} = await ready();
    await element.open('dashboard');
    await navigate(workspace, '/workspace/rules/7');
    await element.open('rules');
    expect(asked).to.have.length(1);
    expect(workspace.states().at(-1)).to.equal('ready');
  });

  it('starts a new session on this page otherwise, and resolves when it is ready', async () => {
    const {workspace, element, asked} = await ready({launchPage: 'rules'});
    await navigate(workspace, '/workspace/mappings');
    await element.open('rules');
    await element.open('events');
    expect(element.state).to.equal('ready');
    expect(asked).to.deep.equal(['rules', 'rules', 'events']);
  });

  it('waits for a session that is starting on this page', async () => {
    const asked: (string | null)[] = [];
    const mint = ({launchPage}: {launchPage: string | null}) => {
      asked.push(launchPage);
      return sessionAnswer();
    };
    const {element} = createWorkspace({sessionProvider: {mint}, launchPage: 'rules'});
    await element.updateComplete;
    await element.open('rules');
    expect(asked).to.deep.equal(['rules']);
  });

  it('starts a lazy element that is far from the viewport', async () => {
    const asked: (string | null)[] = [];
    const mint = ({launchPage}: {launchPage: string | null}) => {
      asked.push(launchPage);
      return sessionAnswer();
    };
    const far = document.body.appendChild(document.createElement('div'));
    far.style.marginTop = '9000px';
    const {element} = createWorkspace({sessionProvider: {mint}, loading: 'lazy'}, {parent: far});
    await element.updateComplete;
    expect(asked).to.have.length(0);
    await element.open('events');
    expect(asked).to.deep.equal(['events']);
    far.remove();
  });

  it('does not use a launch URL, which starts on a page of its own', async () => {
    const {workspace, element, asked} = await ready();
    element.remove();
    const url = launchUrl();
    element.launchUrl = url;
    document.body.append(element);
    await element.open('events');
    expect(workspace.frame()!.src).not.to.equal(url);
    expect(asked.at(-1)).to.equal('events');
    expect(workspace.types()).not.to.include('meshes-error');
  });

  it('rejects for a page on which no session can start', async () => {
    const {element, asked} = await ready();
    const error: unknown = await element
      .open('mappings' as LaunchPage)
      .catch((reason: unknown) => reason);
    expect(isMeshesError(error) && error.message).to.include(
      'dashboard, connections, rules, events',
    );
    expect(asked).to.have.length(1);
  });
});
