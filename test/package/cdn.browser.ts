import {expect} from '@open-wc/testing';
import {define, type MeshesWorkspaceElement} from '../../src/element/index.js';
import {pageUrl} from '../support/endpoint.js';

const CLASSIC = '/dist/cdn/meshes-workspace.iife.min.js';
const MODULE = '/dist/cdn/meshes-workspace.min.js';

/** The strictest policies that the element promises to run under. */
const STRICT = [
  "default-src 'none'; script-src 'self' 'nonce-test'; style-src 'self'",
  "require-trusted-types-for 'script'; trusted-types meshes-workspace",
].join('; ');

const RECORDER = `<script nonce="test">
  window.problems = [];
  addEventListener('error', event => problems.push(event.message));
  addEventListener('unhandledrejection', event => problems.push(String(event.reason)));
  addEventListener('securitypolicyviolation', event => problems.push('CSP ' + event.violatedDirective));
  window.namesBefore = Object.getOwnPropertyNames(window);
</script>`;

interface RecordingWindow extends Window {
  problems: string[];
  namesBefore: string[];
  customElements: CustomElementRegistry;
}

/** Shows a page with these tags in a frame, and answers its window once it has loaded. */
async function showPage(tags: string, headers: Record<string, string> = {}) {
  const frame = document.createElement('iframe');
  frame.src = pageUrl({body: `${RECORDER}${tags}<meshes-workspace></meshes-workspace>`, headers});
  const loaded = new Promise(resolve => frame.addEventListener('load', resolve, {once: true}));
  document.body.append(frame);
  await loaded;
  return frame.contentWindow as RecordingWindow;
}

const elementIn = async (page: Document) => {
  const element = page.querySelector<MeshesWorkspaceElement>('meshes-workspace')!;
  await element.updateComplete;
  return element;
};

/** The content of the shadow root, without whitespace next to tags and without the comments of Lit. */
const markupOf = ({shadowRoot}: Element) =>
  shadowRoot!.innerHTML.replace(/<!--.*?-->/g, '').replace(/\s+(?=<)|(?<=>)\s+/g, '');

/** The rules as the engine has read them. Values with `var()` are as they were written, so whitespace and leading zeros go. */
const rulesOf = ({shadowRoot}: Element) =>
  shadowRoot!.adoptedStyleSheets.flatMap(({cssRules}) =>
    Array.from(cssRules, ({cssText}) => cssText.replace(/\s+/g, '').replace(/\b0\./g, '.')),
  );

const classic = (file: string) => `<script src="${file}"></script>`;
const module = (file: string) => `<script type="module" src="${file}"></script>`;

describe('a CDN file', () => {
  afterEach(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
  });

  for (const [how, tags] of [
    ['as a classic script', classic(CLASSIC)],
    ['as a classic script, loaded twice', classic(CLASSIC) + classic(`${CLASSIC}?again`)],
    ['for classic scripts, as a module', module(CLASSIC)],
    ['as a module', module(MODULE)],
    ['as a module, and the other as a classic script', classic(CLASSIC) + module(MODULE)],
  ] as const) {
    it(`registers the element from a CDN file and leaves no global name: ${how}`, async () => {
      const page = await showPage(tags);
      expect(page.problems).to.deep.equal([]);
      expect(page.customElements.get('meshes-workspace')).to.be.a('function');
      // Playwright adds names of its own at any time.
      const names = Object.getOwnPropertyNames(page).filter(name => !name.startsWith('__pw'));
      const added = names.filter(name => !page.namesBefore.includes(name));
      expect(added).to.deep.equal(['namesBefore']);
    });
  }

  for (const file of [CLASSIC, MODULE]) {
    it(`renders the same markup and styles as the source: ${file}`, async () => {
      define();
      const source = document.createElement('meshes-workspace');
      document.body.append(source);
      await source.updateComplete;
      const page = await showPage(module(file));
      const shipped = await elementIn(page.document);

      expect(source.state).to.equal('failed');
      expect(shipped.state).to.equal(source.state);
      expect(markupOf(source)).to.include('<h2>');
      expect(markupOf(shipped)).to.equal(markupOf(source));
      expect(rulesOf(source).length).to.be.greaterThan(20);
      expect(rulesOf(shipped)).to.deep.equal(rulesOf(source));
      source.remove();
    });

    it(`renders where elements have the IDs of globals that Lit looks for: ${file}`, async () => {
      const ids = ['litElementHydrateSupport', 'litHtmlPolyfillSupport', 'ShadyCSS', 'litNonce'];
      const tags = ids.map(id => `<a id="${id}"></a>`).join('') + module(file);
      const page = await showPage(tags, {'Content-Security-Policy': STRICT});
      const {shadowRoot} = await elementIn(page.document);
      expect(shadowRoot!.adoptedStyleSheets).to.have.length(1);
      expect(page.problems).to.deep.equal([]);
    });

    it(`renders under a strict policy, with its own Trusted Types policy: ${file}`, async () => {
      const page = await showPage(module(file), {'Content-Security-Policy': STRICT});
      const element = await elementIn(page.document);
      expect(element.shadowRoot?.childElementCount).to.be.greaterThan(0);
      expect(page.problems).to.deep.equal([]);
    });
  }
});
