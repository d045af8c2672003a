/** What the element writes to the console, and what `preventDefault()` changes. */
import {expect} from '@open-wc/testing';
import {MeshesError} from '../../src/errors.js';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

const {error, warn} = console;
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  console.error = (line: string) => lines.push(`error ${line}`);
  console.warn = (line: string) => lines.push(`warn ${line}`);
});
afterEach(() => {
  cleanUp();
  Object.assign(console, {error, warn});
});

const LINK = /^error <meshes-workspace>: .* See .*troubleshooting\.md#(\w+)$/;
const forbidden = () => {
  throw new MeshesError('endpoint_forbidden', 'mint', 'No.');
};

function failing(cancelled: string[] = []) {
  const workspace = createWorkspace({sessionProvider: {mint: forbidden}}, {connect: false});
  for (const type of cancelled) {
    workspace.element.addEventListener(type, event => event.preventDefault());
  }
  document.body.append(workspace.element);
  return workspace;
}

async function expired(cancelled: string[] = []) {
  const workspace = createWorkspace({
    sessionProvider: {
      mint: () => sessionAnswer(),
      refresh: () => {
        throw new MeshesError('endpoint_unauthorized', 'refresh', 'Signed out.');
      },
    },
  });
  await workspace.hears(1);
  for (const type of cancelled) {
    workspace.element.addEventListener(type, event => event.preventDefault());
  }
  workspace.say({type: 'meshes:token-refresh'});
  await workspace.reaches('expired');
  await workspace.element.updateComplete;
  return workspace;
}

describe('the console', () => {
  it('contains one line with message and address when the element fails', async () => {
    const workspace = failing();
    await workspace.reaches('failed');
    expect(lines).to.have.length(1);
    expect(LINK.exec(lines[0]!)?.[1]).to.equal('endpoint_forbidden');
  });

  it('contains one line for an invalid configuration', async () => {
    const workspace = createWorkspace({readyTimeout: -1, tokenEndpoint: '/session'});
    await workspace.reaches('failed');
    expect(lines.map(line => LINK.exec(line)?.[1])).to.deep.equal(['config_invalid']);
  });

  it('contains one line when the session has expired, and the event holds the error', async () => {
    const workspace = await expired();
    expect(lines.map(line => LINK.exec(line)?.[1])).to.deep.equal(['endpoint_unauthorized']);
    const {detail} = await workspace.event('meshes-token-expired');
    expect(detail.error).to.equal(workspace.element.error);
    expect(workspace.shown('expired'), 'asks to sign in').to.include('Sign in');
    const view = workspace.element.shadowRoot!.querySelector('[part=expired]')!;
    expect(getComputedStyle(view).backgroundColor, 'opaque').to.match(/^rgb\(/);
  });

  it('contains the error of a blocked frame, whose view offers no Retry', async () => {
    const workspace = createWorkspace({
      sessionProvider: {
        mint: () => {
          throw new MeshesError('csp_blocked', 'frame', 'Blocked.');
        },
      },
    });
    await workspace.reaches('failed');
    await workspace.element.updateComplete;
    expect(workspace.shown('error')).to.include('csp_blocked');
    expect(workspace.button()).to.equal(null);
    expect(lines).to.have.length(1);
  });

  it('contains one line for each kind of warning', async () => {
    const workspace = createWorkspace({sessionProvider: {mint: () => sessionAnswer()}});
    await workspace.hears(1);
    const {element} = workspace;
    for (let count = 0; count < 3; count += 1) {
      element.launchPage = 'unknown' as 'rules';
      await element.updateComplete;
      await element.reload();
    }
    expect(workspace.types().filter(type => type === 'meshes-warning')).to.have.length(3);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^warn .*#launch_page_ignored$/);
  });

  it('stays silent for events that the page cancels', async () => {
    await failing(['meshes-error']).reaches('failed');
    await expired(['meshes-token-expired']);
    const workspace = createWorkspace(
      {launchPage: 'unknown' as 'rules', sessionProvider: {mint: () => sessionAnswer()}},
      {connect: false},
    );
    workspace.element.addEventListener('meshes-warning', event => event.preventDefault());
    document.body.append(workspace.element);
    await workspace.event('meshes-warning');
    expect(lines).to.deep.equal([]);
  });
});

describe('whenReady()', () => {
  it('waits for the attempt that a person has started by Retry', async () => {
    let fails = true;
    const workspace = createWorkspace({
      sessionProvider: {mint: () => (fails ? forbidden() : sessionAnswer())},
    });
    await workspace.reaches('failed');
    await workspace.element.updateComplete;
    workspace.button()!.click();
    const [first, second] = [workspace.element.whenReady(), workspace.element.whenReady()];
    expect(await first.catch((reason: unknown) => reason)).to.equal(workspace.element.error);
    await second.catch(() => {});
    fails = false;
    await workspace.changes(() => workspace.button()!.textContent === 'Retry');
    workspace.button()!.click();
    expect(workspace.element.state).to.equal('failed');
    await workspace.element.whenReady();
    expect(workspace.element.state).to.equal('ready');
  });
});

describe('subject', () => {
  it('ends the session at a change, starts a new one, and is sent nowhere', async () => {
    const asked: unknown[] = [];
    const workspace = createWorkspace({
      subject: 'user-of-northwind',
      sessionProvider: {
        mint: request => {
          asked.push(JSON.stringify(request));
          return sessionAnswer();
        },
      },
    });
    await workspace.hears(1);
    const frame = workspace.frame();
    const after = workspace.events.length;
    workspace.element.subject = 'user-of-acme';
    await workspace.event('meshes-ready', after);
    expect(workspace.frame()).not.to.equal(frame);
    expect(frame!.isConnected).to.equal(false);
    workspace.element.subject = 'user-of-acme';
    await workspace.element.updateComplete;
    expect(asked).to.have.length(2);
    expect(asked.join()).not.to.include('user-of');
    expect(workspace.frame()!.src).not.to.include('user-of');
  });
});

describe('a launch URL without a session ID', () => {
  it('warns if the endpoint creates another session', async () => {
    const {launch_url: launchUrl} = sessionAnswer();
    const workspace = createWorkspace({
      launchUrl,
      sessionProvider: {mint: () => sessionAnswer()},
    });
    const {detail} = await workspace.event('meshes-warning');
    expect(detail.code).to.equal('session_id_missing');
  });
});
