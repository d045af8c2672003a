import {expect} from '@open-wc/testing';
import {createEndpoint, crossSiteOrigin, pageUrl, type Endpoint} from './endpoint.js';

describe('a scripted endpoint', () => {
  let endpoint: Endpoint;
  const call = (path = '', init: RequestInit = {}) =>
    fetch(`${endpoint.url}${path}`, {method: 'POST', ...init});

  beforeEach(async () => {
    endpoint = await createEndpoint();
  });

  afterEach(() => endpoint.dispose());

  it('answers the steps of an endpoint in turn, and repeats the last one', async () => {
    await endpoint.script([
      {status: 503, headers: {'retry-after': '2'}},
      {json: {access_token: 'a'}},
    ]);

    const first = await call();
    expect(first.status).to.equal(503);
    expect(first.headers.get('retry-after')).to.equal('2');
    for (const response of [await call(), await call()]) {
      expect(response.headers.get('content-type')).to.equal('application/json');
      expect(await response.json()).to.deep.equal({access_token: 'a'});
    }
  });

  it('records each request to an endpoint', async () => {
    await endpoint.script([{status: 204}]);
    const headers = {'content-type': 'application/json', 'x-csrf-token': 'c'};
    await call('/refresh/a%20b?x=1', {body: '{"session_id":"s"}', headers});

    const [request, ...others] = await endpoint.requests({atLeast: 1});
    expect(others).to.deep.equal([]);
    expect(request).to.include({method: 'POST', path: '/refresh/a%20b', query: '?x=1'});
    expect(request).to.include({body: '{"session_id":"s"}', aborted: false});
    expect(request?.headers).to.include(headers);
    expect(request?.time).to.be.closeTo(Date.now(), 10_000);
  });

  it('separates the requests of different endpoints', async () => {
    const other = await createEndpoint([{status: 204}]);
    await fetch(other.url);
    expect(await endpoint.requests()).to.deep.equal([]);
    expect(await other.requests()).to.have.length(1);
    await other.dispose();
  });

  it('holds a response until the test releases it', async () => {
    await endpoint.script([{hold: true, json: 'held'}, {json: 'later'}]);
    let held: unknown;
    const first = call().then(async response => (held = await response.json()));
    await endpoint.requests({atLeast: 1});
    expect(await (await call()).json()).to.equal('later');
    expect(held).to.equal(undefined);

    await endpoint.release();
    expect(await first).to.equal('held');
  });

  it('hangs before the headers, and notices when the page aborts', async () => {
    await endpoint.script([{hang: 'headers'}]);
    const controller = new AbortController();
    const flight = call('', {signal: controller.signal}).catch((error: unknown) => error);
    await endpoint.requests({atLeast: 1});
    controller.abort();
    expect(await flight).to.have.property('name', 'AbortError');

    const [request] = await endpoint.requests({aborted: 1});
    expect(request?.aborted).to.equal(true);
  });

  it('hangs within the body of a response', async () => {
    await endpoint.script([{hang: 'body', text: 'abcd'}]);
    const response = await call();
    const {value} = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).to.equal('ab');
  });

  it('closes the connection without a response', async () => {
    await endpoint.script([{cut: true}]);
    const error = await call().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError);
  });

  it('redirects a request to another URL', async () => {
    await endpoint.script([{redirect: '/login'}]);
    expect((await call('', {redirect: 'manual'})).type).to.equal('opaqueredirect');
  });

  it('lets another site read a response only if the test asks for CORS', async () => {
    await endpoint.script([{json: 'readable'}]);
    const crossSite = () =>
      fetch(endpoint.crossSiteUrl, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        credentials: 'include',
      });
    expect(await crossSite().catch((error: unknown) => error)).to.be.instanceOf(TypeError);

    await endpoint.cors({origin: location.origin, credentials: true});
    expect(await (await crossSite()).json()).to.equal('readable');
    expect((await endpoint.requests()).map(({method}) => method)).to.include('OPTIONS');
  });
});

describe('a page with chosen headers', () => {
  it('serves a page with the given headers, body and scripts', async () => {
    const url = pageUrl({
      headers: {'Content-Security-Policy': "default-src 'self'", 'X-Frame-Options': 'DENY'},
      body: '<p>hello</p>',
      scripts: ['/test/fixtures/a.ts'],
    });
    const response = await fetch(url);
    expect(response.headers.get('content-security-policy')).to.equal("default-src 'self'");
    expect(response.headers.get('x-frame-options')).to.equal('DENY');
    const html = await response.text();
    expect(html).to.include('<p>hello</p>').and.include('src="/test/fixtures/a.ts"');
  });

  it('runs a page in a real cross-site frame', async () => {
    const body = '<script>parent.postMessage(location.origin, "*")</script>';
    const frame = document.createElement('iframe');
    const message = new Promise<MessageEvent>(resolve =>
      addEventListener('message', resolve, {once: true}),
    );
    frame.src = pageUrl({origin: crossSiteOrigin, body});
    document.body.append(frame);
    const {origin, data, source} = await message;
    expect(source).to.equal(frame.contentWindow);
    expect([origin, data]).to.deep.equal([crossSiteOrigin, crossSiteOrigin]);
    frame.remove();
  });
});
