import {expect} from '@open-wc/testing';
import {OFFER_EVENT} from '../../src/element/offered-answer.js';
import {discard, warm} from '../../src/instant/index.js';
import {createEndpoint, type Endpoint, pageUrl} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

let endpoint: Endpoint;

beforeEach(async () => {
  endpoint = await createEndpoint([
    {json: sessionAnswer()},
    {json: sessionAnswer({session_id: 'sess_2'})},
  ]);
});

afterEach(() => {
  cleanUp();
  discard();
  for (const frame of document.querySelectorAll('iframe')) frame.remove();
});

describe('warm', () => {
  it('creates the session of the element that is opened next', async () => {
    warm({tokenEndpoint: endpoint.url, launchPage: 'rules'});
    await endpoint.requests({atLeast: 1});
    const workspace = createWorkspace({tokenEndpoint: endpoint.url, launchPage: 'rules'});
    await workspace.reaches('ready');
    const requests = await endpoint.requests();
    expect(requests.map(({body}) => body)).to.deep.equal(['{"launch_page":"rules"}']);
  });

  it('sends the headers that the element will send', async () => {
    const requestHeaders = {Authorization: 'Bearer 1', 'X-Tenant': 'a'};
    warm({tokenEndpoint: endpoint.url, requestHeaders});
    await endpoint.requests({atLeast: 1});
    await createWorkspace({tokenEndpoint: endpoint.url, requestHeaders}).reaches('ready');
    const [request, ...more] = await endpoint.requests();
    expect(more).to.have.length(0);
    expect(request!.headers.authorization).to.equal('Bearer 1');
  });

  it('leaves no listener on the document', async () => {
    const counts = {added: 0, removed: 0};
    const page = Document.prototype as Pick<Document, 'addEventListener' | 'removeEventListener'>;
    const own = ['addEventListener', 'removeEventListener'] as const;
    Object.defineProperties(page, {
      addEventListener: {
        configurable: true,
        value(this: Document, ...listener: Parameters<Document['addEventListener']>) {
          if (listener[0] === OFFER_EVENT) counts.added += 1;
          EventTarget.prototype.addEventListener.apply(this, listener);
        },
      },
      removeEventListener: {
        configurable: true,
        value(this: Document, ...listener: Parameters<Document['removeEventListener']>) {
          if (listener[0] === OFFER_EVENT) counts.removed += 1;
          EventTarget.prototype.removeEventListener.apply(this, listener);
        },
      },
    });
    try {
      warm({tokenEndpoint: endpoint.url});
      await endpoint.requests({atLeast: 1});
      await createWorkspace({tokenEndpoint: endpoint.url}).reaches('ready');
    } finally {
      for (const name of own) Reflect.deleteProperty(page, name);
    }
    expect(counts.added).to.equal(1);
    expect(counts.removed).to.be.greaterThan(0);
  });

  // A page may leave two sessions unused: these are the two.
  it('hands the session of one subject to no element of another one', async () => {
    warm({tokenEndpoint: endpoint.url, subject: 'a'});
    await endpoint.requests({atLeast: 1});
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    expect((await workspace.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
  });

  it('hands nothing over after discard()', async () => {
    warm({tokenEndpoint: endpoint.url});
    await endpoint.requests({atLeast: 1});
    discard();
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    expect((await workspace.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
  });
});

describe('instant.min.js', () => {
  it('loads the element from the file beside it, and hands the session over', async () => {
    const script = `<script type="module">
      import {warm} from '/dist/cdn/instant.min.js';
      warm({tokenEndpoint: '${endpoint.url}'});
    </script>`;
    const frame = document.createElement('iframe');
    frame.src = pageUrl({body: script});
    const loaded = new Promise(resolve => frame.addEventListener('load', resolve, {once: true}));
    document.body.append(frame);
    await loaded;
    const page = frame.contentWindow as Window & {customElements: CustomElementRegistry};
    await page.customElements.whenDefined('meshes-workspace');
    await endpoint.requests({atLeast: 1});

    const element = page.document.createElement('meshes-workspace');
    element.setAttribute('token-endpoint', endpoint.url);
    page.document.body.append(element);
    await element.whenReady();
    expect(await endpoint.requests()).to.have.length(1);
  });
});
