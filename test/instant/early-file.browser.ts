import {expect} from '@open-wc/testing';
import type {MeshesWorkspaceElement} from '../../src/element/index.js';
import {createEndpoint, type Endpoint, pageUrl} from '../support/endpoint.js';
import {sessionAnswer} from '../support/workspace.js';

const FILE = '/dist/cdn/early.min.js';
const ELEMENT = '<script type="module" src="/dist/cdn/meshes-workspace.min.js"></script>';
const STRICT = [
  "default-src 'self'; script-src 'nonce-test' 'self'; frame-src *",
  "require-trusted-types-for 'script'; trusted-types meshes-workspace",
].join('; ');

interface Page extends Window {
  problems: string[];
  names: string[];
}

const RECORDER = `<script nonce="test">
  window.problems = [];
  addEventListener('error', event => problems.push(event.message));
  addEventListener('unhandledrejection', event => problems.push(String(event.reason)));
  addEventListener('securitypolicyviolation', event => problems.push(event.violatedDirective));
  window.names = [];
  window.names = [...Object.getOwnPropertyNames(window), ...Object.getOwnPropertyNames(document)];
</script>`;

let endpoint: Endpoint;

beforeEach(async () => {
  endpoint = await createEndpoint([{json: sessionAnswer()}]);
});

afterEach(() => {
  for (const frame of document.querySelectorAll('iframe')) frame.remove();
});

async function showPage(body: string, headers: Record<string, string> = {}): Promise<Page> {
  const frame = document.createElement('iframe');
  frame.src = pageUrl({body: RECORDER + body, headers});
  const loaded = new Promise(resolve => frame.addEventListener('load', resolve, {once: true}));
  document.body.append(frame);
  await loaded;
  return frame.contentWindow as Page;
}

/** The element of a page, as soon as it is ready. */
async function readyElement(page: Page): Promise<MeshesWorkspaceElement> {
  const element = page.document.querySelector<MeshesWorkspaceElement>('meshes-workspace')!;
  await element.whenReady();
  return element;
}

const attributes = () => `data-token-endpoint="${endpoint.url}" data-launch-page="rules"`;
const tag = () =>
  `<meshes-workspace token-endpoint="${endpoint.url}" launch-page="rules"></meshes-workspace>`;

describe('early.min.js', () => {
  it('sends the request of the element by the attributes of its own tag', async () => {
    const page = await showPage(
      `<script src="${FILE}" ${attributes()}></script>${ELEMENT}${tag()}`,
    );
    await readyElement(page);
    const requests = await endpoint.requests();
    expect(requests.map(({body}) => body)).to.deep.equal(['{"launch_page":"rules"}']);
    expect(page.problems).to.deep.equal([]);
  });

  it('sends the request before any script of the element', async () => {
    await showPage(`<script src="${FILE}" ${attributes()}></script>`);
    expect(await endpoint.requests({atLeast: 1})).to.have.length(1);
  });

  it('works as an inline script with a nonce, under a strict policy with Trusted Types', async () => {
    const text = await (await fetch(FILE)).text();
    const script = `<script nonce="test" ${attributes()}>${text}</script>`;
    const page = await showPage(script + ELEMENT + tag(), {'Content-Security-Policy': STRICT});
    await readyElement(page);
    expect(await endpoint.requests()).to.have.length(1);
    expect(page.problems).to.deep.equal([]);
  });

  it('leaves no name on the window or the document', async () => {
    const page = await showPage(
      `<script src="${FILE}" ${attributes()}></script>${ELEMENT}${tag()}`,
    );
    await readyElement(page);
    const {document: shown} = page;
    const names = [...Object.getOwnPropertyNames(page), ...Object.getOwnPropertyNames(shown)];
    // Playwright adds names of its own at any time.
    const added = names.filter(name => !page.names.includes(name) && !name.startsWith('__pw'));
    expect(added).to.deep.equal([]);
  });

  it('reports nothing in a page whose settings are wrong, and leaves it to the element', async () => {
    const body = `<script src="${FILE}" data-token-endpoint="http://["></script>${ELEMENT}<meshes-workspace token-endpoint="http://["></meshes-workspace>`;
    const page = await showPage(body);
    const element = page.document.querySelector<MeshesWorkspaceElement>('meshes-workspace')!;
    const error = await element.whenReady().then(
      () => null,
      () => element.error,
    );
    expect(error!.code).to.equal('insecure_url');
    expect(page.problems).to.deep.equal([]);
  });
});
