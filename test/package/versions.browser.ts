import {expect} from '@open-wc/testing';
import {define, MeshesWorkspaceElement} from '../../src/element/index.js';
import {pageUrl} from '../support/endpoint.js';

const CLASSIC = '/dist/cdn/meshes-workspace.iife.min.js';

interface HostWindow extends Window {
  warnings: string[];
  customElements: CustomElementRegistry;
}

/** The registered class of a page, which may be of any version. */
const registered = (page: HostWindow, tag = 'meshes-workspace') =>
  page.customElements.get(tag) as unknown as typeof MeshesWorkspaceElement;

const published = async () => {
  const code = await (await fetch(CLASSIC)).text();
  const {version} = (await (await fetch('/package.json')).json()) as {version: string};
  expect(code).to.include(`"${version}"`);
  return {code, version};
};

/** Shows a page that keeps its warnings. */
async function showPage(): Promise<HostWindow> {
  const frame = document.createElement('iframe');
  frame.src = pageUrl({
    body: '<script>window.warnings = []; console.warn = text => warnings.push(text);</script>',
  });
  const loaded = new Promise(resolve => frame.addEventListener('load', resolve, {once: true}));
  document.body.append(frame);
  await loaded;
  return frame.contentWindow as HostWindow;
}

function load(page: HostWindow, code: string): void {
  const script = page.document.createElement('script');
  script.textContent = code;
  page.document.body.append(script);
}

describe('two copies on one page', () => {
  afterEach(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
  });

  it('warns about nothing if two copies have the same version', async () => {
    const page = await showPage();
    const {code, version} = await published();
    load(page, code);
    const first = registered(page);
    load(page, code);
    expect(registered(page)).to.equal(first);
    expect(first.version).to.equal(version);
    expect(page.warnings).to.deep.equal([]);
  });

  it('warns once if two copies have two versions, and uses the first one', async () => {
    const page = await showPage();
    const {code, version} = await published();
    load(page, code);
    load(page, code.replaceAll(`"${version}"`, '"99.0.0"'));
    expect(registered(page).version).to.equal(version);
    expect(page.warnings).to.have.length(1);
    expect(page.warnings[0]).to.include(`already registered by version ${version}`);
    expect(page.warnings[0]).to.include('99.0.0');
  });

  it('warns if another element is registered under the same name', async () => {
    const page = await showPage();
    const {code} = await published();
    load(page, "customElements.define('meshes-workspace', class extends HTMLElement {});");
    expect(() => load(page, code)).not.to.throw();
    expect(page.warnings).to.have.length(1);
    expect(page.warnings[0]).to.include('is already registered, so');
  });
});

describe('define()', () => {
  it('registers once for each name, with a new class for each', () => {
    define('first-workspace');
    define('second-workspace');
    define('first-workspace');
    const first = document.createElement('first-workspace');
    const second = document.createElement('second-workspace');
    expect(first).to.be.instanceOf(MeshesWorkspaceElement);
    expect(second).to.be.instanceOf(MeshesWorkspaceElement);
    expect(first.constructor).not.to.equal(second.constructor);
    expect(first.constructor).to.have.property('version', MeshesWorkspaceElement.version);
  });

  it('registers in a scoped registry if the engine supports it, and leaves the global one alone', async () => {
    let scoped: CustomElementRegistry;
    try {
      scoped = new CustomElementRegistry();
    } catch (error) {
      // No scoped registries here: the page's own is the only one there is.
      expect(error).to.be.instanceOf(TypeError);
      define('scoped-workspace', customElements);
      expect(customElements.get('scoped-workspace')).to.be.a('function');
      return;
    }
    define('scoped-workspace', scoped);
    define('scoped-workspace', scoped);
    expect(customElements.get('scoped-workspace')).to.equal(undefined);
    const host = document.createElement('div');
    const root = host.attachShadow({mode: 'open', customElementRegistry: scoped});
    root.innerHTML = '<scoped-workspace defer-hydration></scoped-workspace>';
    document.body.append(host);
    const element = root.firstElementChild as MeshesWorkspaceElement;
    expect(element).to.be.instanceOf(MeshesWorkspaceElement);
    await element.updateComplete;
    expect(element.state).to.equal('idle');
    host.remove();
  });
});
