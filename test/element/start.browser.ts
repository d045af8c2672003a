import {expect} from '@open-wc/testing';
import {define, MeshesError, MeshesWorkspaceElement} from '../../src/element/index.js';
import {createEndpoint, crossSiteOrigin} from '../support/endpoint.js';
import {cleanUp, createWorkspace, launchUrl, observe, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);

const bodies = (requests: {body: string}[]) =>
  requests.map(({body}) => JSON.parse(body) as unknown);

describe('a workspace that starts', () => {
  it('requests a session, launches the frame, and answers meshes:ready with the token', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('ready');

    expect(await workspace.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'token-1'}]);
    expect(workspace.states()).to.deep.equal(['minting', 'loading', 'ready']);
    expect((await workspace.event('meshes-ready')).detail).to.deep.equal({
      sessionId: 'sess_1',
      origin: crossSiteOrigin,
    });
    const [request, ...others] = await endpoint.requests();
    expect(others).to.be.empty;
    expect(request!.method).to.equal('POST');
    expect(request!.body).to.equal('{}');
    expect(request!.headers['content-type']).to.equal('application/json');
    expect(request!.headers.accept).to.equal('application/json');
    expect(workspace.element.expiresAt).to.be.closeTo(Date.now() + 1_800_000, 10_000);
  });

  it('requests the session before the first render', async () => {
    const order: string[] = [];
    class Ordered extends MeshesWorkspaceElement {
      protected override firstUpdated() {
        order.push('rendered');
        super.firstUpdated();
      }
    }
    customElements.define('ordered-workspace', Ordered);
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const element = new Ordered();
    const workspace = observe(Object.assign(element, {tokenEndpoint: endpoint.url}));
    const fetch = window.fetch.bind(window);
    window.fetch = (...request) => {
      if (request[0] === new URL(endpoint.url, location.href).href) order.push('asked');
      return fetch(...request);
    };
    document.body.append(element);
    await workspace.reaches('ready');
    window.fetch = fetch;

    expect(order).to.deep.equal(['asked', 'rendered']);
    expect(element.shadowRoot!.querySelector('[role=status]')!.textContent).not.to.equal('');
  });

  it('fills its live region after the first render, so that screen readers announce the text', async () => {
    const said: (string | null)[] = [];
    class Watched extends MeshesWorkspaceElement {
      protected override firstUpdated() {
        said.push(this.shadowRoot!.querySelector('[role=status]')!.textContent);
        super.firstUpdated();
      }
    }
    customElements.define('watched-workspace', Watched);
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const element = new Watched();
    const workspace = observe(Object.assign(element, {tokenEndpoint: endpoint.url}));
    document.body.append(element);
    const region = () => element.shadowRoot?.querySelector('[role=status]')?.textContent;
    await workspace.changes(() => region() === 'Loading workspace…');

    expect(element.state).to.equal('minting');
    expect(said).to.deep.equal(['']);
  });

  it('loads the frame by launch-url while it requests the token by session-id', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer({launch_url: undefined}), hold: true},
    ]);
    const workspace = createWorkspace({
      launchUrl: launchUrl(),
      sessionId: 'sess_1',
      tokenEndpoint: endpoint.url,
    });
    await workspace.loaded(1);
    expect(workspace.element.state).to.equal('minting');
    await endpoint.requests({atLeast: 1});
    await endpoint.release();
    await workspace.reaches('ready');
    expect(await workspace.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'token-1'}]);
    expect(bodies(await endpoint.requests())).to.deep.equal([{session_id: 'sess_1'}]);
  });

  it('uses a launch URL once: reload requests a new session', async () => {
    const endpoint = await createEndpoint([
      {json: {access_token: 'a'}},
      {json: sessionAnswer({session_id: 'sess_2'})},
    ]);
    const given = launchUrl();
    const workspace = createWorkspace({
      launchUrl: given,
      sessionId: 'sess_1',
      tokenEndpoint: endpoint.url,
    });
    await workspace.reaches('ready');
    await workspace.element.reload();
    expect(bodies(await endpoint.requests())).to.deep.equal([{session_id: 'sess_1'}, {}]);
    expect(workspace.frame()!.src).not.to.equal(given);
    const ready = workspace.events.filter(({type}) => type === 'meshes-ready');
    expect(ready.map(({detail}) => detail.sessionId)).to.deep.equal(['sess_1', 'sess_2']);
  });

  it('creates a session next to a launch-url without session-id, with the launch page', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer({launch_url: undefined})}]);
    const workspace = createWorkspace({
      launchUrl: launchUrl(),
      launchPage: 'events',
      tokenEndpoint: endpoint.url,
    });
    await workspace.reaches('ready');
    expect(bodies(await endpoint.requests())).to.deep.equal([{launch_page: 'events'}]);
  });

  it('calls a sessionProvider instead of the endpoints', async () => {
    const asked: unknown[] = [];
    const workspace = createWorkspace({
      launchPage: 'rules',
      sessionProvider: {
        mint: ({launchPage, sessionId, signal}) => {
          asked.push({launchPage, sessionId, aborted: signal.aborted});
          return Promise.resolve(sessionAnswer({access_token: `token-${asked.length}`}));
        },
      },
    });
    await workspace.reaches('ready');
    await workspace.element.refresh();
    expect(asked).to.deep.equal([
      {launchPage: 'rules', sessionId: null, aborted: false},
      {launchPage: 'rules', sessionId: 'sess_1', aborted: false},
    ]);
    const heard = await workspace.hears(2);
    expect(heard[1]).to.deep.equal({type: 'meshes:auth', token: 'token-2'});
  });

  it('starts when the first sessionProvider is set late, and does not restart for the next one', async () => {
    const workspace = createWorkspace();
    await workspace.event('meshes-error');
    expect(workspace.element.error!.code).to.equal('config_invalid');
    workspace.element.sessionProvider = {mint: () => sessionAnswer()};
    await workspace.reaches('ready');
    const frame = workspace.frame();
    workspace.element.sessionProvider = {
      mint: () => sessionAnswer(),
      refresh: () => ({access_token: 'from-the-new-one'}),
    };
    await workspace.element.refresh();
    expect(workspace.frame()).to.equal(frame);
    expect((await workspace.hears(2))[1]).to.deep.include({token: 'from-the-new-one'});
  });

  it('passes on a MeshesError of a sessionProvider, and wraps any other error as the cause', async () => {
    const own = new MeshesError('endpoint_forbidden', 'mint', 'Not for you.');
    const first = createWorkspace({sessionProvider: {mint: () => Promise.reject(own)}});
    await first.event('meshes-error');
    expect(first.element.error).to.equal(own);
  });

  it('uses properties that were set before the upgrade', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const element = document.createElement('late-workspace');
    Object.assign(element, {tokenEndpoint: endpoint.url, credentials: 'include', minHeight: 600});
    document.body.append(element);
    define('late-workspace');
    const workspace = observe(document.querySelector<MeshesWorkspaceElement>('late-workspace')!);
    await workspace.reaches('ready');
    expect(workspace.element.credentials).to.equal('include');
    expect(workspace.frame()!.offsetHeight).to.equal(600);
  });

  it('starts from HTML with attributes that frameworks write for unset values', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const host = document.createElement('div');
    host.innerHTML = `<meshes-workspace token-endpoint="${endpoint.url}" launch-url="" session-id="null"
      launch-page="false" debug="false" refresh-endpoint="undefined" credentials=""></meshes-workspace>`;
    const workspace = observe(host.firstElementChild as MeshesWorkspaceElement);
    document.body.append(host);
    await workspace.reaches('ready');
    expect(workspace.element.debug).to.equal(false);
    expect(workspace.element.credentials).to.equal('same-origin');
    expect(bodies(await endpoint.requests())).to.deep.equal([{}]);
  });

  it('leaves the attributes of the host element unchanged', async () => {
    const workspace = createWorkspace({sessionProvider: {mint: () => sessionAnswer()}});
    await workspace.reaches('ready');
    expect(workspace.element.getAttributeNames()).to.be.empty;
    expect(workspace.element.childNodes).to.be.empty;
  });

  it('waits until a lazy workspace is near the viewport', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const spacer = document.createElement('div');
    spacer.style.height = '5000px';
    document.body.append(spacer);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url, loading: 'lazy'});
    // A second one that is visible shows that observers have had their turn.
    const visible = createWorkspace({
      sessionProvider: {mint: () => sessionAnswer()},
      loading: 'lazy',
    });
    document.body.prepend(visible.element);
    await visible.reaches('ready');
    expect(workspace.element.state).to.equal('idle');
    expect(await endpoint.requests()).to.be.empty;
    workspace.element.scrollIntoView();
    await workspace.reaches('ready');
    spacer.remove();
  });

  it('sets the title, sandbox, permissions and referrer policy of the frame', async () => {
    const workspace = createWorkspace({
      frameTitle: 'Integrations',
      sessionProvider: {mint: () => sessionAnswer()},
    });
    await workspace.reaches('ready');
    const frame = workspace.frame()!;
    expect(frame.title).to.equal('Integrations');
    expect(frame.getAttribute('sandbox')).to.equal(
      'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads',
    );
    expect(frame.allow).to.equal(`clipboard-write ${crossSiteOrigin}`);
    expect(frame.referrerPolicy).to.equal('strict-origin');
    expect(frame.getAttribute('part')).to.equal('frame');
  });

  it('uses sandbox and allow from the host page if they are set', async () => {
    const workspace = createWorkspace({
      sandbox: 'allow-scripts allow-same-origin',
      allow: 'fullscreen',
      sessionProvider: {mint: () => sessionAnswer()},
    });
    await workspace.reaches('ready');
    expect(workspace.frame()!.getAttribute('sandbox')).to.equal('allow-scripts allow-same-origin');
    expect(workspace.frame()!.allow).to.equal('fullscreen');
  });
});

describe('requests to the endpoints', () => {
  it('fills the session ID into the path of the refresh endpoint, percent-encoded', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer({session_id: 'a/b?c'})},
      {json: {access_token: 'token-2'}},
    ]);
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.url,
      refreshEndpoint: `${endpoint.url}/:sessionId/refresh/{session_id}`,
    });
    await workspace.reaches('ready');
    await workspace.element.refresh();
    const [, refresh] = await endpoint.requests();
    expect(refresh!.path).to.equal('/a%2Fb%3Fc/refresh/a%2Fb%3Fc');
    expect(JSON.parse(refresh!.body)).to.deep.equal({session_id: 'a/b?c'});
  });

  it('sends request headers that are read for each request, and the CSRF token of the host page', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const meta = Object.assign(document.createElement('meta'), {
      name: 'csrf-token',
      content: 'one',
    });
    document.head.append(meta);
    let turn = 0;
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.url,
      csrfMeta: 'csrf-token',
      requestHeaders: () => Promise.resolve({Authorization: `Bearer ${(turn += 1)}`}),
    });
    await workspace.reaches('ready');
    meta.content = 'two';
    await workspace.element.refresh();
    const requests = await endpoint.requests();
    expect(
      requests.map(({headers}) => [headers['x-csrf-token'], headers.authorization]),
    ).to.deep.equal([
      ['one', 'Bearer 1'],
      ['two', 'Bearer 2'],
    ]);
    meta.remove();
  });

  it('reads the CSRF token from a cookie, and sends it in the configured header', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    document.cookie = 'csrftoken=a%3Db; path=/';
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.url,
      csrfCookie: 'csrftoken',
      csrfHeader: 'X-XSRF-TOKEN',
    });
    await workspace.reaches('ready');
    expect((await endpoint.requests())[0]!.headers['x-xsrf-token']).to.equal('a=b');
    document.cookie = 'csrftoken=; path=/; max-age=0';
  });

  describe('a refusal by a CSRF check', () => {
    const meta = Object.assign(document.createElement('meta'), {name: 'csrf-token'});
    afterEach(() => {
      meta.remove();
      document.cookie = 'csrftoken=; path=/; max-age=0';
    });

    async function refused(settings: Record<string, string>, json?: object) {
      const endpoint = await createEndpoint([{status: 403, ...(json && {json})}]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url, ...settings});
      await workspace.reaches('failed');
      await workspace.element.updateComplete;
      const {code, message} = workspace.element.error!;
      expect(code).to.equal('endpoint_forbidden');
      return {
        message: /answered 403(?: \(\w+\))?\. (.*) See /.exec(message)?.[1],
        view: workspace.shown('error'),
      };
    }

    it('names the cookie that does not exist, and does not send the user to an administrator', async () => {
      const {message, view} = await refused({csrfCookie: 'csrftoken'});
      expect(message).to.equal(
        'No CSRF token was sent: this page has no readable cookie "csrftoken" (csrf-cookie).',
      );
      expect(view).to.include('not set up correctly').and.not.include('do not have access');
    });

    it('names the meta tag that does not exist or is empty, and the cookie', async () => {
      document.head.append(meta);
      const {message} = await refused({csrfMeta: 'csrf-token', csrfCookie: 'csrftoken'});
      expect(message).to.equal(
        'No CSRF token was sent: this page has no <meta> "csrf-token" (csrf-meta) and no readable cookie "csrftoken" (csrf-cookie).',
      );
    });

    it('names the header of a token that was sent, which may be another than that of the backend', async () => {
      document.cookie = 'csrftoken=secret-value; path=/';
      const {message, view} = await refused({csrfCookie: 'csrftoken'});
      expect(message)
        .to.include('The user may not use this workspace, or a CSRF check has failed')
        .and.include(
          'The CSRF token was sent in "X-CSRF-Token" (csrf-header): check that the backend reads it there.',
        )
        .and.not.include('secret-value');
      expect(view).to.include('do not have access');
    });

    it('asks the user to reload the page if the backend does not accept the token', async () => {
      document.cookie = 'csrftoken=secret-value; path=/';
      const {view} = await refused({csrfCookie: 'csrftoken'}, {code: 'csrf_rejected'});
      expect(view).to.include('Reload the page').and.not.include('do not have access');
    });

    it('never quotes a token that stands in place of a name', async () => {
      const token = 'b2F1dGgtdG9rZW4tZm9yLXRoaXMtcGFnZQ==';
      const {message} = await refused({csrfMeta: token});
      expect(message).to.equal(
        'No CSRF token was sent: this page has no <meta> of this name (csrf-meta).',
      );
    });
  });

  it('sends requests to another origin if credentials is set, without the CSRF token', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    await endpoint.cors({origin: location.origin});
    const meta = Object.assign(document.createElement('meta'), {
      name: 'csrf-token',
      content: 'one',
    });
    document.head.append(meta);
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.crossSiteUrl,
      credentials: 'omit',
      csrfMeta: 'csrf-token',
    });
    await workspace.reaches('ready');
    const request = (await endpoint.requests()).find(({method}) => method === 'POST')!;
    expect(request.headers).not.to.have.property('x-csrf-token');
    meta.remove();
  });
});

describe('invalid settings', () => {
  const provider = {sessionProvider: {mint: () => sessionAnswer()}};
  const cases: [string, string, Record<string, unknown>][] = [
    ['nothing to start from', 'config_invalid', {}],
    ['an unknown fit', 'config_invalid', {...provider, fit: 'cover'}],
    ['an unknown loading', 'config_invalid', {...provider, loading: 'soon'}],
    ['unknown credentials', 'config_invalid', {...provider, credentials: 'yes'}],
    ['a height with a unit', 'config_invalid', {...provider, minHeight: '480px'}],
    ['a pin that is no origin', 'config_invalid', {...provider, embedOrigin: 'embed.meshes.io'}],
    ['an http endpoint', 'insecure_url', {tokenEndpoint: 'http://example.com/session'}],
    ['a javascript: launch URL', 'insecure_url', {...provider, launchUrl: 'javascript:alert(1)'}],
    ['a relative launch URL', 'insecure_url', {...provider, launchUrl: '/workspace'}],
    ['an http launch URL', 'insecure_url', {...provider, launchUrl: 'http://embed.meshes.io/w'}],
    [
      'a launch URL of its own origin',
      'origin_not_allowed',
      {...provider, launchUrl: location.href},
    ],
    [
      'a launch URL outside of the pins',
      'origin_not_allowed',
      {...provider, launchUrl: launchUrl(), embedOrigin: 'https://embed.meshes.io'},
    ],
    [
      'an endpoint of another origin without credentials',
      'origin_not_allowed',
      {tokenEndpoint: `${crossSiteOrigin}/session`},
    ],
  ];
  for (const [what, code, properties] of cases) {
    it(`fails at once for ${what}`, async () => {
      const workspace = createWorkspace(properties);
      const {detail} = await workspace.event('meshes-error');
      expect(detail).to.include({code, phase: 'config', retryable: false});
      expect(workspace.element.state).to.equal('failed');
      expect(workspace.element.error).to.equal(detail);
      expect(workspace.frame()).to.equal(null);
      await workspace.element.updateComplete;
      expect(workspace.shown('error')).to.contain(code);
      expect(workspace.button(), 'no Retry').to.equal(null);
      await workspace.element.whenReady().then(
        () => expect.fail('whenReady resolved'),
        (error: unknown) => expect(error).to.equal(detail),
      );
    });
  }

  it('validates the settings again when they change', async () => {
    const workspace = createWorkspace({...provider, fit: 'cover' as 'fill'});
    await workspace.event('meshes-error');
    workspace.element.fit = 'fill';
    await workspace.reaches('ready');
    expect(workspace.element.error).to.equal(null);
  });
});
