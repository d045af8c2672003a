import {expect} from '@open-wc/testing';
import type {MeshesWorkspaceElement} from '../../src/element/index.js';
import {OFFER_EVENT, type Offer} from '../../src/element/offered-answer.js';
import {askAhead, type RequestSettings} from '../../src/instant/ask-ahead.js';
import {discard} from '../../src/instant/index.js';
import {
  createEndpoint,
  type Endpoint,
  type RecordedRequest,
  type Step,
} from '../support/endpoint.js';
import {cleanUp, createWorkspace, launchUrl, sessionAnswer} from '../support/workspace.js';

/** What a request tells an endpoint. */
const sent = ({method, path, query, headers, body}: RecordedRequest) => {
  const {accept, cookie, origin} = headers;
  const others = ['x-csrf-token', 'x-xsrf', 'content-type', 'cache-control', 'sec-fetch-mode'];
  return [method, path, query, body, accept, cookie, origin, ...others.map(name => headers[name])];
};

const answers = (count: number): Step[] =>
  Array.from({length: count}, (_, index) => ({
    json: sessionAnswer({session_id: `sess_${index + 1}`, access_token: `token-${index + 1}`}),
  }));

let endpoint: Endpoint;
let meta: HTMLMetaElement;

beforeEach(async () => {
  endpoint = await createEndpoint(answers(4));
  meta = Object.assign(document.createElement('meta'), {name: 'csrf-token', content: 'c"1'});
  document.head.append(meta);
  document.cookie = 'XSRF-TOKEN=a%20b; path=/';
});

afterEach(() => {
  cleanUp();
  // Ends what a test has left.
  discard();
  meta.remove();
  document.cookie = 'XSRF-TOKEN=; max-age=0; path=/';
});

/** A workspace with these settings that is ready. */
async function open(settings: RequestSettings & {launchUrl?: string}) {
  const workspace = createWorkspace(settings as Partial<MeshesWorkspaceElement>);
  await workspace.reaches('ready');
  return workspace;
}

describe('a token request ahead of the element', () => {
  const cases: readonly [title: string, settings: (url: string) => RequestSettings][] = [
    ['with a token endpoint alone', url => ({tokenEndpoint: url})],
    ['with a query', url => ({tokenEndpoint: `${url}/a?b=1#c`})],
    ['with an absolute endpoint', url => ({tokenEndpoint: new URL(url, location.href).href})],
    ['with a launch page', url => ({tokenEndpoint: url, launchPage: 'rules'})],
    ['for a subject', url => ({tokenEndpoint: url, subject: 'tenant-a'})],
    ['with credentials', url => ({tokenEndpoint: url, credentials: 'include'})],
    ['without cookies', url => ({tokenEndpoint: url, credentials: 'omit'})],
    ['with a CSRF token in a meta tag', url => ({tokenEndpoint: url, csrfMeta: 'csrf-token'})],
    ['with a CSRF token in a cookie', url => ({tokenEndpoint: url, csrfCookie: 'XSRF-TOKEN'})],
    ['with a CSRF cookie that is missing', url => ({tokenEndpoint: url, csrfCookie: 'TOKEN'})],
    [
      'with a CSRF token in a header of another name',
      url => ({tokenEndpoint: url, csrfMeta: 'csrf-token', csrfHeader: 'X-XSRF'}),
    ],
    [
      'with a refresh endpoint that it does not need',
      url => ({tokenEndpoint: url, refreshEndpoint: '/x'}),
    ],
  ];
  for (const [title, settingsFor] of cases) {
    it(`sends the request of the element, and the element uses its answer: ${title}`, async () => {
      const settings = settingsFor(endpoint.url);
      askAhead(settings, document);
      await endpoint.requests({atLeast: 1});
      const first = await open(settings);
      expect((await first.event('meshes-ready')).detail.sessionId).to.equal('sess_1');
      expect(await endpoint.requests()).to.have.length(1);

      const second = await open(settings);
      expect((await second.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
      const [early, own] = await endpoint.requests();
      expect(sent(early!)).to.deep.equal(sent(own!));
    });
  }

  for (const [title, settingsFor] of [
    ['at the token endpoint', url => ({tokenEndpoint: url})],
    ['with the ID in its path', url => ({tokenEndpoint: `${url}/{session_id}/token`})],
    ['with the ID in the path, as routers write it', url => ({tokenEndpoint: `${url}/:sessionId`})],
    ['at the refresh endpoint', url => ({refreshEndpoint: `${url}/:sessionId/refresh`})],
  ] as readonly [string, (url: string) => RequestSettings][]) {
    it(`asks for the token of a session that the page was rendered with: ${title}`, async () => {
      const settings = {...settingsFor(endpoint.url), sessionId: 'sess_1'};
      askAhead(settings, document);
      await endpoint.requests({atLeast: 1});
      const workspace = await open({...settings, launchUrl: launchUrl()});
      expect(await workspace.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'token-1'}]);
      const [request, ...more] = await endpoint.requests();
      expect(more).to.have.length(0);
      expect(request!.body).to.equal('{"session_id":"sess_1"}');
    });
  }

  for (const [title, changed] of [
    ['another endpoint', url => ({tokenEndpoint: `${url}/other`})],
    ['another launch page', url => ({tokenEndpoint: url, launchPage: 'events'})],
    ['other credentials', url => ({tokenEndpoint: url, credentials: 'include'})],
    ['another header', url => ({tokenEndpoint: url, csrfMeta: 'csrf-token'})],
    ['another subject', url => ({tokenEndpoint: url, subject: 'tenant-b'})],
  ] as readonly [string, (url: string) => RequestSettings][]) {
    it(`hands no answer to an element with ${title}`, async () => {
      askAhead({tokenEndpoint: endpoint.url}, document);
      await endpoint.requests({atLeast: 1});
      const workspace = await open(changed(endpoint.url));
      expect((await workspace.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
    });
  }

  it('hands an answer that is still on its way', async () => {
    await endpoint.script([{...answers(1)[0]!, hold: true}]);
    askAhead({tokenEndpoint: endpoint.url}, document);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('minting');
    await endpoint.requests({atLeast: 1});
    await endpoint.release();
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(1);
  });

  for (const [title, step] of [
    ['a server error', {status: 500}],
    ['a sign-in page behind a redirect', {redirect: '/login'}],
    ['no answer at all', {cut: true}],
    ['401', {status: 401}],
  ] as readonly [string, Step][]) {
    it(`lets the element send the request again after ${title}`, async () => {
      await endpoint.script([step, ...answers(1)]);
      askAhead({tokenEndpoint: endpoint.url}, document);
      await open({tokenEndpoint: endpoint.url});
      expect(await endpoint.requests()).to.have.length(2);
    });
  }

  it('gets an answer that the element checks like every other one', async () => {
    await endpoint.script([{json: {session_id: 'sess_1'}}]);
    askAhead({tokenEndpoint: endpoint.url}, document);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('failed');
    expect(workspace.element.error!.code).to.equal('endpoint_bad_response');
  });

  it('hands its answer to one of many elements', async () => {
    askAhead({tokenEndpoint: endpoint.url}, document);
    await endpoint.requests({atLeast: 1});
    const settings = {tokenEndpoint: endpoint.url};
    const both = await Promise.all([open(settings), open(settings)]);
    const ids = both.map(({events}) => events.find(({type}) => type === 'meshes-ready')!.detail);
    expect(ids.map(({sessionId}) => sessionId)).to.deep.equal(['sess_1', 'sess_2']);
  });

  it('drops the answer after ten seconds, also by the clock alone, as after sleep', async () => {
    askAhead({tokenEndpoint: endpoint.url}, document);
    await endpoint.requests({atLeast: 1});
    const {now} = Date;
    Date.now = () => now() + 10_001;
    try {
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await endpoint.requests({atLeast: 2});
      await workspace.reaches('ready');
    } finally {
      Date.now = now;
    }
  });

  it('drops the answer when the page discards it', async () => {
    askAhead({tokenEndpoint: endpoint.url}, document);
    await endpoint.requests({atLeast: 1});
    discard();
    const workspace = await open({tokenEndpoint: endpoint.url});
    expect((await workspace.event('meshes-ready')).detail.sessionId).to.equal('sess_2');
  });

  it('requests nothing that the element would refuse to request', async () => {
    // An endpoint on another origin without credentials, and a path that needs a session.
    expect(askAhead({tokenEndpoint: endpoint.crossSiteUrl}, document)).to.equal(undefined);
    expect(() => askAhead({tokenEndpoint: `${endpoint.url}/:sessionId`}, document)).to.throw();
    expect(() => askAhead({}, document)).to.throw();
    expect(await endpoint.requests()).to.have.length(0);
  });

  it('reads the settings that docs/performance.md lists', async () => {
    const read = new Set<string>();
    const settings = new Proxy<RequestSettings>(
      {},
      {
        get: (_, name) => {
          read.add(String(name));
          return {tokenEndpoint: endpoint.url, csrfMeta: 'none', csrfCookie: 'none'}[String(name)];
        },
      },
    );
    askAhead(settings, document);
    // These are read only if there is nothing, or something, before them.
    read.add('refreshEndpoint').add('csrfHeader');
    const page = await (await fetch('/docs/performance.md')).text();
    const [, list = ''] = /Copy those of (.*?) that your\s+element has\./s.exec(page) ?? [];
    const named = [...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    const attributes = [...read].map(name =>
      name.replace(/[A-Z]/g, part => `-${part.toLowerCase()}`),
    );
    expect(attributes.sort()).to.deep.equal(named.sort());
  });

  it('tells listeners of the page nothing about the request', async () => {
    const details: unknown[] = [];
    const listen = (event: Event) => details.push((event as CustomEvent).detail);
    document.addEventListener(OFFER_EVENT, listen);
    await open({tokenEndpoint: endpoint.url, csrfMeta: 'csrf-token'});
    document.removeEventListener(OFFER_EVENT, listen);
    expect(details).to.have.length(1);
    expect(details[0]).to.be.a('function');
    // It accepts nothing for another request, and nothing after the request has been sent.
    const offer = details[0] as Offer;
    expect(Reflect.ownKeys(offer).sort()).to.deep.equal(['length', 'name']);
    expect(offer('', Promise.resolve(null))).to.equal(false);
  });
});
