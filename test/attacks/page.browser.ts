/** Pages that stand in the way of the element: names of their elements, and methods on `Object.prototype`. */
import {expect} from '@open-wc/testing';
import type {MeshesWorkspaceElement} from '../../src/element/index.js';
import {createEndpoint, pageUrl} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

const NAMES = [
  'addEventListener',
  'baseURI',
  'cookie',
  'location',
  'prerendering',
  'querySelector',
  'visibilityState',
];

const images = new Set<HTMLElement>();
afterEach(cleanUp);
afterEach(() => {
  for (const image of images) image.remove();
  images.clear();
  document.cookie = 'csrf=; path=/; max-age=0';
});

describe('an image whose name is a property of document', () => {
  for (const name of NAMES) {
    it(`does not read an image named ${name} in place of the property of document`, async () => {
      document.cookie = 'csrf=from-the-cookie; path=/';
      const endpoint = await createEndpoint([{json: sessionAnswer()}]);
      const image = document.createElement('img');
      image.setAttribute('name', name);
      images.add(image);
      document.body.append(image);
      // `location` cannot be overridden. The others are images now.
      expect(Reflect.get(document, name) === image).to.equal(name !== 'location');

      const workspace = createWorkspace({
        tokenEndpoint: endpoint.url,
        csrfMeta: 'csrf',
        csrfCookie: 'csrf',
      });
      await workspace.reaches('ready');
      await endpoint.script([{json: {access_token: 'token-2'}}]);
      await workspace.element.refresh();
      const requests = await endpoint.requests();
      expect(requests.map(({headers}) => headers['x-csrf-token'])).to.deep.equal([
        'from-the-cookie',
        'from-the-cookie',
      ]);
    });
  }
});

describe('a page that replaces DOM methods', () => {
  for (const name of ['createElement', 'importNode', 'createComment']) {
    it(`fails, and settles its promises, if an image named ${name} hides the method of document`, async () => {
      const page = document.createElement('iframe');
      const endpoint = await createEndpoint([{json: sessionAnswer()}]);
      page.src = pageUrl({
        body: `<meshes-workspace token-endpoint="${endpoint.url}"></meshes-workspace>
          <script src="/dist/cdn/meshes-workspace.iife.min.js" defer></script>
          <script>
            addEventListener('meshes-error', ({detail}) => parent.postMessage({failed: detail.code}, '*'));
            document.body.insertAdjacentHTML('beforeend', '<img name="${name}">');
          </script>`,
      });
      images.add(page);
      const {data} = await new Promise<MessageEvent<{failed: string}>>(resolve => {
        addEventListener('message', function listener(event: MessageEvent<{failed?: string}>) {
          if (event.data?.failed === undefined) return;
          removeEventListener('message', listener);
          resolve(event as MessageEvent<{failed: string}>);
        });
        document.body.append(page);
      });
      expect(data.failed).to.equal('config_invalid');
      const element = page.contentDocument!.getElementsByTagName('meshes-workspace')[0]!;
      expect(element.state).to.equal('failed');
      expect(await element.whenReady().catch((error: unknown) => error)).to.equal(element.error);
      const plain = element.shadowRoot!.querySelector('slot.plain')!;
      expect(plain.textContent).to.include('config_invalid');
      expect(plain.clientHeight + plain.firstElementChild!.clientHeight).to.be.greaterThan(0);
      // The page has been mended.
      page.contentDocument!.images[0]!.remove();
      element.requestUpdate();
      await element.updateComplete;
      expect(element.shadowRoot!.querySelector('slot.plain')).to.equal(null);
      expect(element.shadowRoot!.querySelector('.card code')!.textContent).to.equal(
        'config_invalid',
      );
    });
  }

  it('loads the script on a page with element IDs that Lit reads as hooks', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const page = document.createElement('iframe');
    const hooks = ['reactiveElement', 'litHtml', 'litElement'].map(
      hook => `<a id="${hook}PolyfillSupport"></a>`,
    );
    page.src = pageUrl({
      body: `${hooks.join('')}<meshes-workspace token-endpoint="${endpoint.url}"></meshes-workspace>`,
      scripts: ['/dist/cdn/meshes-workspace.iife.min.js'],
    });
    images.add(page);
    document.body.append(page);
    await endpoint.requests({atLeast: 1});
    await page.contentDocument!.querySelector('meshes-workspace')!.whenReady();
  });

  it('works on a page with global variables named origin and self', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const page = document.createElement('iframe');
    page.src = pageUrl({
      body: `<script>var origin = 'https://evil.example'; var self = {origin};</script>
        <meta name="csrf" content="from-the-page">
        <meshes-workspace csrf-meta="csrf" token-endpoint="${endpoint.url}"></meshes-workspace>`,
      scripts: ['/dist/cdn/meshes-workspace.iife.min.js'],
    });
    images.add(page);
    document.body.append(page);
    const [request] = await endpoint.requests({atLeast: 1});
    expect(request!.headers['x-csrf-token']).to.equal('from-the-page');
    await page.contentDocument!.querySelector('meshes-workspace')!.whenReady();
  });
});

describe('a method that an old script has added to Object.prototype', () => {
  const added = [
    ...['extend', 'each', 'check', 'when', 'state', 'attribute', 'converter', 'hasChanged'],
    ...['duplex', 'priority', 'slotAssignment', 'customElementRegistry', 'creationScope'],
  ];
  const pollute = added
    .map(name => `Object.prototype.${name} = () => 'of an old script';`)
    .join('');

  it('defines and starts the element on a page that has added methods to Object.prototype', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const page = document.createElement('iframe');
    page.src = pageUrl({
      body: `<script>${pollute}</script><meshes-workspace token-endpoint="${endpoint.url}"></meshes-workspace>`,
      scripts: ['/dist/cdn/meshes-workspace.iife.min.js'],
    });
    images.add(page);
    document.body.append(page);
    await endpoint.requests({atLeast: 1});
    const {contentWindow} = page as HTMLIFrameElement & {contentWindow: typeof globalThis};
    const element = contentWindow.document.querySelector('meshes-workspace')!;
    await element.whenReady();
    expect(element.minHeight).to.equal(480);
    expect(Object.keys(contentWindow.Object.prototype)).to.deep.equal(added);
  });
});

describe('a header that HTTP does not allow', () => {
  const CANARY = 'CaNaRy9f3b';
  const settings: Record<string, Partial<MeshesWorkspaceElement>> = {
    'in requestHeaders': {requestHeaders: {Authorization: `Bearer ${CANARY}\n${CANARY}`}},
    'of a function': {requestHeaders: () => ({Authorization: `${CANARY}\u0000`})},
    'of a promise': {
      requestHeaders: () =>
        Promise.resolve([['X-Key', `${CANARY}\r${CANARY}`]] as [string, string][]),
    },
    'that is a text': {requestHeaders: () => `Bearer ${CANARY}` as unknown as HeadersInit},
    'in a list of texts': {requestHeaders: [`Authorization: ${CANARY}`] as unknown as HeadersInit},
    'by its name': {requestHeaders: {[`X ${CANARY}`]: 'x'}},
    'as csrf-header': {csrfHeader: `X ${CANARY}`, csrfCookie: 'csrf'},
  };
  for (const [name, properties] of Object.entries(settings)) {
    it(`names an invalid header ${name} in an error without its value and without a cause`, async () => {
      document.cookie = 'csrf=x; path=/';
      const endpoint = await createEndpoint([{json: sessionAnswer()}]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url, ...properties});
      await workspace.event('meshes-error');
      const {error} = workspace.element;
      expect(error!.code).to.equal('config_invalid');
      expect(error!.cause).to.equal(undefined);
      expect(`${error!.message}${error!.stack}${JSON.stringify(error)}`).not.to.include(CANARY);
      expect(error!.message).to.match(
        /Authorization|X-Key|a header name has characters|an object of headers/,
      );
      expect(await endpoint.requests()).to.deep.equal([]);
    });
  }

  it('does not show the body that a provider could not parse', async () => {
    const workspace = createWorkspace({
      sessionProvider: {mint: () => JSON.parse(`${CANARY} <html>`) as never},
    });
    await workspace.event('meshes-error');
    const {error} = workspace.element;
    expect(error!.code).to.equal('endpoint_network');
    expect(error!.cause).to.equal(undefined);
    expect(`${error!.message}${error!.stack}`).not.to.include(CANARY);
  });
});
