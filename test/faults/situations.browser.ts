/** Places and tools in which people embed things, tried with the real libraries: docs/maintainers/situations.md lists the outcomes. */
import {expect} from '@open-wc/testing';
import {Idiomorph} from 'idiomorph';
import morphdom from 'morphdom';
import {record} from 'rrweb';
import {createEndpoint, type Endpoint} from '../support/endpoint.js';
import {
  cleanUp,
  createWorkspace,
  observe,
  sessionAnswer,
  type Workspace,
} from '../support/workspace.js';

const fetch = window.fetch.bind(window);
let added: Element[] = [];
afterEach(() => {
  cleanUp();
  for (const element of added) element.remove();
  added = [];
  window.fetch = fetch;
});

function add<Added extends Element>(element: Added): Added {
  added.push(element);
  document.body.append(element);
  return element;
}

function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
) {
  return add(Object.assign(document.createElement(name), properties));
}

async function start(parent: HTMLElement) {
  const endpoint = await createEndpoint([{json: sessionAnswer()}]);
  const workspace = createWorkspace({tokenEndpoint: endpoint.url}, {parent});
  await workspace.hears(1);
  return {endpoint, workspace, window: workspace.frame()!.contentWindow};
}

async function expectSame(
  {workspace, endpoint, window}: {workspace: Workspace; endpoint: Endpoint; window: Window | null},
  what: string,
) {
  expect(workspace.frame()?.contentWindow, what).to.equal(window);
  expect(workspace.element.state, what).to.equal('ready');
  // The frame still speaks to the element.
  const after = workspace.events.length;
  workspace.say({type: 'meshes:navigate', path: '/rules'});
  await workspace.event('meshes-navigate', after);
  expect(await endpoint.requests(), what).to.have.length(1);
}

describe('an element in a place that is hidden and shown', () => {
  it('keeps its session in a dialog that is closed and opened again', async () => {
    const dialog = create('dialog');
    dialog.showModal();
    const started = await start(dialog);
    dialog.close();
    await expectSame(started, 'closed');
    dialog.showModal();
    await expectSame(started, 'open again');
  });

  it('keeps its session in details that are closed and opened again', async () => {
    const details = create('details', {open: true});
    const started = await start(details);
    details.open = false;
    await expectSame(started, 'closed');
    details.open = true;
    await expectSame(started, 'open again');
  });

  for (const [property, value] of [
    ['display', 'none'],
    ['visibility', 'hidden'],
    ['content-visibility', 'hidden'],
  ] as const) {
    it(`becomes ready in a tab panel with ${property}: ${value}, and has its height when it is shown`, async () => {
      const panel = create('div');
      panel.style.setProperty(property, value);
      const started = await start(panel);
      const {workspace} = started;
      workspace.say({type: 'meshes:resize', height: 733});
      await workspace.event('meshes-resize');
      panel.style.removeProperty(property);
      expect(workspace.frame()!.offsetHeight).to.equal(733);
      await expectSame(started, 'shown');
    });
  }
});

describe('an element in HTML that a library morphs', () => {
  for (const [library, morph] of [
    ['idiomorph', (old: Element, html: string) => void Idiomorph.morph(old, html)],
    ['morphdom', (old: Element, html: string) => void morphdom(old, html)],
  ] as const) {
    it(`keeps its frame and its session through the same tag with ${library}`, async () => {
      const endpoint = await createEndpoint([{json: sessionAnswer()}]);
      const page = (text: string, attributes = '') =>
        `<main><h1>${text}</h1><meshes-workspace id="w" token-endpoint="${endpoint.url}" ${attributes}></meshes-workspace></main>`;
      const main = create('main');
      main.innerHTML = page('One').slice('<main>'.length, -'</main>'.length);
      const workspace = observe(main.querySelector('meshes-workspace')!);
      await workspace.hears(1);
      const started = {endpoint, workspace, window: workspace.frame()!.contentWindow};
      morph(main, page('Two'));
      expect(main.querySelector('h1')!.textContent).to.equal('Two');
      await expectSame(started, 'another heading');
      morph(main, page('Three', 'frame-title="Integrations"'));
      await workspace.element.updateComplete;
      expect(workspace.frame()!.title).to.equal('Integrations');
      await expectSame(started, 'another title');
    });
  }
});

describe('a session recorder', () => {
  it('records neither a token nor a launch URL', async () => {
    const events: unknown[] = [];
    const stop = record({emit: event => events.push(event), recordCrossOriginIframes: true})!;
    const started = await start(create('main'));
    await expectSame(started, 'recorded');
    stop();
    const text = JSON.stringify(events);
    expect(text.includes('meshes-workspace'), 'the element is recorded').to.equal(true);
    expect(text.includes('token-1') || text.includes('launch='), 'secrets').to.equal(false);
  });
});

describe('tools that replace or watch what the element uses', () => {
  it('works through a fetch that reads a copy of each answer', async () => {
    const read: string[] = [];
    window.fetch = async (...request) => {
      const response = await fetch(...request);
      read.push(await response.clone().text());
      return response;
    };
    const started = await start(create('main'));
    await expectSame(started, 'instrumented');
    expect(read.filter(text => text.includes('launch_url'))).to.have.length(1);
  });

  it('says nothing about messages that extensions and tools post to the page', async () => {
    const started = await start(create('main'));
    const {workspace} = started;
    const before = workspace.events.length;
    for (const message of [
      '',
      'ping',
      null,
      7,
      {type: 'meshes:ready'},
      {source: 'react-devtools'},
    ]) {
      window.postMessage(message, '*');
    }
    await expectSame(started, 'after the messages');
    expect(workspace.types().slice(before)).to.deep.equal(['meshes-navigate']);
  });
});
