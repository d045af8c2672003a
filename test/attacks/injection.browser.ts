/** Launch URLs and endpoints that somebody else has put into the page, next to the real ones. */
import {expect} from '@open-wc/testing';
import {
  arrivals,
  attacker,
  attackPage,
  dismissAttackers,
  otherPortOrigin,
  stage,
} from '../support/attackers.js';
import {createEndpoint, crossSiteOrigin} from '../support/endpoint.js';
import {auth, counting, expectNothingTold} from '../support/siege.js';
import {cleanUp, createWorkspace, launchUrl, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);
afterEach(dismissAttackers);
afterEach(() => {
  document.cookie = 'signed-in=; path=/; max-age=0';
});

const wasLoaded = (role: string) =>
  arrivals.some(({data}) => (data as {role?: string} | null)?.role === role);

describe('an injected launch URL', () => {
  it('sends no token to an injected launch URL: the session belongs to another origin', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer(), hold: true}]);
    const evil = attackPage({origin: otherPortOrigin, workspace: true});
    const workspace = createWorkspace({launchUrl: evil.url, tokenEndpoint: endpoint.url});
    const thief = await attacker(evil.role);
    await thief.say({type: 'meshes:ready'}, {type: 'meshes:token-refresh'});
    await endpoint.requests({atLeast: 1});
    expectNothingTold(await thief.told());
    await endpoint.release();
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({code: 'origin_not_allowed', phase: 'mint'});
    // The frame is gone, in the turn in which the token came: there is nobody left to be told.
    expect(workspace.frame()).to.equal(null);
    expect(workspace.states()).to.deep.equal(['minting', 'failed']);

    const control = createWorkspace({launchUrl: launchUrl(), tokenEndpoint: endpoint.url});
    await endpoint.requests({atLeast: 2});
    await endpoint.release();
    expect(await control.hears(1)).to.deep.equal([auth(1)]);
  });

  it('does not load an injected launch URL if embed-origin pins another origin', async () => {
    const provider = counting();
    const evil = attackPage({origin: otherPortOrigin, workspace: true});
    const workspace = createWorkspace({
      embedOrigin: crossSiteOrigin,
      launchUrl: evil.url,
      sessionProvider: provider,
    });
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({code: 'origin_not_allowed', phase: 'config'});
    expect(provider.asked).to.be.empty;

    const good = attackPage({workspace: true});
    const control = createWorkspace({
      embedOrigin: crossSiteOrigin,
      launchUrl: good.url,
      sessionProvider: provider,
    });
    expect(await control.hears(1)).to.deep.equal([auth(1)]);
    expect([wasLoaded(good.role), wasLoaded(evil.role)]).to.deep.equal([true, false]);
  });

  const {port} = location;
  const LOOK_ALIKES = [
    `http://127.0.0.1:${stage.port}/`,
    `http://127.0.0.1:${port}0/`,
    'http://127.0.0.1/',
    `https://127.0.0.1:${port}/`,
    `http://127.0.0.2:${port}/`,
    `http://127.0.0.1.localhost:${port}/`,
    `http://[::1]:${port}/`,
    `http://localhost.:${port}/`,
    `http://127.0.0.1:${port}@127.0.0.1:${stage.port}/`,
    `http://127.0.0.1:${stage.port}/#http://127.0.0.1:${port}/`,
    `http://127.0.0.1:${stage.port}/http://127.0.0.1:${port}/`,
    `blob:http://127.0.0.1:${port}/550e8400-e29b-41d4-a716-446655440000`,
    `filesystem:http://127.0.0.1:${port}/temporary/x.html`,
    `data:text/html,http://127.0.0.1:${port}/`,
    `javascript:'http://127.0.0.1:${port}/'`,
    'about:srcdoc',
    'about:blank',
    `//127.0.0.1:${port}/`,
    `/http://127.0.0.1:${port}/`,
  ];

  it('refuses a launch URL that resembles embed-origin, as an attribute and in a response', async () => {
    for (const url of LOOK_ALIKES) {
      for (const properties of [
        {launchUrl: url, sessionProvider: counting()},
        {sessionProvider: counting(() => ({launch_url: url}))},
      ]) {
        const workspace = createWorkspace({embedOrigin: crossSiteOrigin, ...properties});
        const {detail} = await workspace.event('meshes-error');
        expect(detail.code, url).to.be.oneOf(['origin_not_allowed', 'insecure_url']);
        expect(workspace.states().at(-1), url).to.equal('failed');
        expect(workspace.frame(), url).to.equal(null);
        workspace.element.remove();
      }
    }
    // The same origin, written in other ways.
    for (const origin of [`http://127.1:${port}`, `HTTP://0x7f000001:${port}`, crossSiteOrigin]) {
      const workspace = createWorkspace({
        embedOrigin: `https://embed.meshes.io ${origin}/`,
        sessionProvider: counting(() => ({launch_url: launchUrl({origin})})),
      });
      expect(await workspace.hears(1), origin).to.deep.equal([auth(1)]);
      workspace.element.remove();
    }
  });

  it('uses a launch URL once, even if the host page sets the same URL again', async () => {
    const provider = counting();
    const given = launchUrl();
    const workspace = createWorkspace({launchUrl: given, sessionProvider: provider});
    await workspace.reaches('ready');
    workspace.element.remove();
    document.body.append(workspace.element);
    const after = workspace.events.length;
    await workspace.event('meshes-ready', after);
    expect(workspace.frame()!.src).not.to.equal(given);
  });
});

describe('an injected endpoint', () => {
  const attributes = [
    ['token endpoint', (url: string) => ({tokenEndpoint: url})],
    [
      'refresh endpoint',
      (url: string) => ({tokenEndpoint: '/nothing-here', refreshEndpoint: `${url}/:sessionId`}),
    ],
  ] as const;
  for (const [name, properties] of attributes) {
    it(`sends no request and no cookie to a ${name} on another origin unless credentials is set`, async () => {
      document.cookie = 'signed-in=canary; path=/';
      const logger = await createEndpoint([{json: sessionAnswer()}]);
      await logger.cors({origin: location.origin, credentials: true});
      // Another port of the page's own host: cookies do not care about ports.
      const url = `http://localhost:${stage.port}${logger.url}`;
      const workspace = createWorkspace(properties(url));
      const {detail} = await workspace.event('meshes-error');
      expect(detail).to.include({code: 'origin_not_allowed', phase: 'config', retryable: false});
      expect(await logger.requests()).to.deep.equal([]);
      workspace.element.remove();

      for (const credentials of ['omit', 'same-origin', 'include'] as const) {
        await logger.script([{json: sessionAnswer()}]);
        const control = createWorkspace({tokenEndpoint: url, credentials});
        await control.reaches('ready');
        const request = (await logger.requests()).findLast(({method}) => method === 'POST');
        const sent = credentials === 'include' ? /signed-in=canary/ : /^$/;
        expect(request!.headers.cookie ?? '', credentials).to.match(sent);
        control.element.remove();
      }
    });
  }

  it('sends no request to an endpoint over plain HTTP or with another scheme', async () => {
    for (const tokenEndpoint of [
      'http://embed.meshes.example/session',
      'http://192.168.0.1/session',
      'http://127.0.0.1.example/session',
      'javascript:1',
      'data:application/json,{}',
      `blob:${location.origin}/550e8400-e29b-41d4-a716-446655440000`,
      'ftp://localhost/session',
      'http://user:password@localhost/session',
    ]) {
      const workspace = createWorkspace({tokenEndpoint, credentials: 'include'});
      const {detail} = await workspace.event('meshes-error');
      expect(detail.code, tokenEndpoint).to.equal('insecure_url');
      workspace.element.remove();
    }
  });

  it('does not let a session ID change the path of the refresh endpoint', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer({session_id: '../../evil?x=1#'})},
      {json: {access_token: 'token-2'}},
      {json: sessionAnswer({session_id: '..'})},
    ]);
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.url,
      refreshEndpoint: `${endpoint.url}/:sessionId/refresh`,
    });
    await workspace.reaches('ready');
    await workspace.element.refresh();
    const [, refresh] = await endpoint.requests();
    expect([refresh!.path, refresh!.query]).to.deep.equal([
      '/..%2F..%2Fevil%3Fx%3D1%23/refresh',
      '',
    ]);
    await workspace.element.reload();
    const error = await workspace.element.refresh().catch((reason: unknown) => reason);
    expect(error).to.include({code: 'endpoint_bad_response'});
    expect(await endpoint.requests()).to.have.length(3);
  });

  it('sends the session request as JSON, which an HTML form of another site cannot send', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('ready');
    const [{method, headers, body}] = (await endpoint.requests()) as [
      Awaited<ReturnType<typeof endpoint.requests>>[number],
    ];
    expect([method, headers['content-type'], body]).to.deep.equal([
      'POST',
      'application/json',
      '{}',
    ]);
  });
});
