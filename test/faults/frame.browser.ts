/** Frames that stay blank, and what the element says about it. */
import {expect} from '@open-wc/testing';
import {DOCS} from '../../src/errors.js';
import {createEndpoint, crossSiteOrigin, pageUrl, type PageOptions} from '../support/endpoint.js';
import {removeHostPages, showHostPage} from '../support/host-page.js';
import {
  cleanUp,
  createWorkspace,
  launchUrl,
  sessionAnswer,
  type Workspace,
} from '../support/workspace.js';

const ownSetTimeout = window.setTimeout.bind(window);

afterEach(cleanUp);
afterEach(removeHostPages);
afterEach(() => {
  window.setTimeout = ownSetTimeout;
});

/**
 * Holds all timers of these delays back, so that they do not race the load of a frame.
 *
 * @returns lets those of one delay go off
 */
function holdTimers(...delays: number[]): (delay: number) => void {
  const held: [delay: number, callback: () => void][] = [];
  window.setTimeout = ((callback: () => void, delay = 0) => {
    if (!delays.includes(delay)) return ownSetTimeout(callback, delay);
    held.push([delay, callback]);
    return 0;
  }) as typeof setTimeout;
  return delay => held.filter(([each]) => each === delay).forEach(([, callback]) => callback());
}

const documented = (code: string) => `See ${DOCS}/troubleshooting.md#${code}`;
const READY = `<script>parent.postMessage({type: 'meshes:ready'}, '*')</script>`;
/** A page of the workspace's site, with headers of its own. */
const embedded = (options: PageOptions) => pageUrl({origin: crossSiteOrigin, ...options});
const codes = ({events}: Workspace, type: string) =>
  events.filter(event => event.type === type).map(({detail}) => detail.code);

describe('a Content-Security-Policy of the page', () => {
  const REST = "script-src 'self'; connect-src 'self'";
  for (const [name, policy] of [
    ['frame-src', `frame-src 'self'`],
    ['child-src', `child-src 'self'`],
    ['default-src', `default-src 'self'; style-src 'self'; ${REST}`],
    ['frame-src with another port', `frame-src http://127.0.0.1:1 http://localhost:*`],
  ]) {
    it(`reports a Content-Security-Policy that blocks the frame by ${name}, and the directive to add`, async () => {
      const {list, event} = showHostPage({
        headers: {'Content-Security-Policy': policy!},
        settings: {'ready-timeout': '600000'},
      });
      const {code, message} = (await event('meshes-error')) as {code: string; message: string};
      expect(code).to.equal('csp_blocked');
      expect(message).to.include(`add ${crossSiteOrigin} to its frame-src directive`);
      expect(message).to.include(documented('csp_blocked'));
      const states = list().filter(({type}) => type === 'meshes-state-change');
      expect(states.map(({detail}) => detail.state)).to.deep.equal([
        'minting',
        'loading',
        'failed',
      ]);
      expect(list().map(({type}) => type)).not.to.include('meshes-warning');
    });
  }

  for (const [name, headers] of [
    ['reports only', {'Content-Security-Policy-Report-Only': `frame-src 'none'`}],
    ['lists the origin', {'Content-Security-Policy': `frame-src ${crossSiteOrigin}`}],
    [
      'blocks another frame',
      {'Content-Security-Policy': `frame-src ${crossSiteOrigin}; img-src 'none'`},
    ],
  ] as [string, Record<string, string>][]) {
    it(`starts under a Content-Security-Policy that ${name}`, async () => {
      const {list, event} = showHostPage({headers});
      await event('meshes-ready');
      expect(list().map(({type}) => type)).not.to.include('meshes-error');
    });
  }

  it('starts under a Content-Security-Policy that allows only the Trusted Types policy of Lit', async () => {
    const policy = `require-trusted-types-for 'script'; trusted-types lit-html`;
    const {list, event} = showHostPage({headers: {'Content-Security-Policy': policy}});
    await event('meshes-ready');
    expect(list().map(({type}) => type)).not.to.include('uncaught');
  });
});

describe('a frame that stays blank', () => {
  const blank: [string, () => string][] = [
    ['X-Frame-Options', () => embedded({headers: {'X-Frame-Options': 'DENY'}, body: READY})],
    [
      'frame-ancestors',
      () => embedded({headers: {'Content-Security-Policy': "frame-ancestors 'none'"}, body: READY}),
    ],
    ['a refused connection', () => 'http://127.0.0.1:65432/workspace?launch=1'],
    ['a host that is not there', () => 'http://nowhere.localhost:65432/workspace?launch=1'],
    ['a page that does not exist', () => `${crossSiteOrigin}/nothing-here`],
    ['a page without a script', () => embedded({body: 'Invalid or expired embed launch token'})],
    ['a page that throws', () => embedded({body: '<script>null.x</script>'})],
    [
      'a page that speaks to the wrong window',
      () => embedded({body: READY.replace('parent', 'window')}),
    ],
    [
      'a page that may not run scripts',
      () => embedded({headers: {'Content-Security-Policy': 'sandbox'}, body: READY}),
    ],
  ];

  it('launches a blank frame once more, and then explains the failure, whatever the cause', async function () {
    this.timeout(20_000);
    const readyTimeout = 600;
    await Promise.all(
      blank.map(async ([name, url]) => {
        const endpoint = await createEndpoint([{json: sessionAnswer({launch_url: url()})}]);
        const workspace = createWorkspace({tokenEndpoint: endpoint.url, readyTimeout});
        const startedAt = performance.now();
        const {detail} = await workspace.event('meshes-error');
        const elapsed = performance.now() - startedAt;
        expect(detail, name).to.include({
          code: 'handshake_timeout',
          phase: 'frame',
          retryable: true,
        });
        expect(elapsed, name).to.be.at.least(2 * readyTimeout - 50);
        expect(codes(workspace, 'meshes-warning'), name).to.deep.equal(['slow', 'slow']);
        expect(workspace.states(), name).to.deep.equal([
          'minting',
          'loading',
          'minting',
          'loading',
          'failed',
        ]);
        expect(await endpoint.requests(), name).to.have.length(2);
        await workspace.element.updateComplete;
        expect(workspace.button()?.innerText, name).to.equal('Retry');

        await endpoint.script([{json: sessionAnswer()}]);
        workspace.button()!.click();
        await workspace.hears(1);
        expect(workspace.element.state, name).to.equal('ready');
      }),
    );
  });

  it('names the likely causes of a blank frame, the most likely first, and a page with details', async () => {
    const workspace = createWorkspace({
      readyTimeout: 100,
      sessionProvider: {mint: () => sessionAnswer({launch_url: launchUrl({mute: true})})},
    });
    const message = (await workspace.event('meshes-error')).detail.message as string;
    const causes = [
      'allowed_origins',
      'frame-ancestors',
      'X-Frame-Options',
      'has been used',
      'Cross-Origin-Embedder-Policy',
      'network',
    ];
    const places = causes.map(cause => message.indexOf(cause));
    expect(places).not.to.include(-1);
    expect(places).to.deep.equal(places.toSorted((a, b) => a - b));
    expect(message).to.include(crossSiteOrigin).and.to.include(documented('handshake_timeout'));
  });

  it('names the origin that the frame shows if it is another one', async () => {
    const elsewhere = `${location.origin}/test/fixtures/embed.html`;
    const body = `<script>location.href = ${JSON.stringify(elsewhere)}</script>`;
    const endpoint = await createEndpoint([{json: {access_token: 'token-1'}}]);
    const goOff = holdTimers(2_000);
    const workspace = createWorkspace({
      launchUrl: embedded({body}),
      sessionId: 'sess_1',
      refreshEndpoint: endpoint.url,
      readyTimeout: 2_000,
    });
    while (!codes(workspace, 'meshes-warning').includes('frame_origin_changed')) {
      await workspace.event('meshes-warning', workspace.events.length);
    }
    await workspace.reaches('loading');
    goOff(2_000);
    const {detail} = await workspace.event('meshes-error');
    expect(detail.code).to.equal('handshake_timeout');
    expect(detail.message).to.include(`It showed a page of ${location.origin} instead.`);
    expect(workspace.heard).to.deep.equal([]);
  });

  it('explains a handshake timeout if the server of the frame never responds', async () => {
    const hanging = await createEndpoint([{hang: 'headers'}]);
    const workspace = createWorkspace({
      readyTimeout: 300,
      sessionProvider: {
        mint: () => sessionAnswer({launch_url: `${hanging.crossSiteUrl}?launch=1`}),
      },
    });
    expect((await workspace.event('meshes-error')).detail.code).to.equal('handshake_timeout');
    await hanging.dispose();
  });

  it('does not launch a blank frame again if no new launch URL is available', async () => {
    const endpoint = await createEndpoint([{json: {access_token: 'token-1'}}]);
    const goOff = holdTimers(2_000);
    const workspace = createWorkspace({
      launchUrl: launchUrl({mute: true}),
      sessionId: 'sess_1',
      refreshEndpoint: endpoint.url,
      readyTimeout: 2_000,
    });
    await workspace.loaded(1);
    await workspace.reaches('loading');
    goOff(2_000);
    await workspace.event('meshes-error');
    expect(workspace.states()).to.deep.equal(['minting', 'loading', 'failed']);
    expect(await endpoint.requests()).to.have.length(1);
    workspace.say({type: 'meshes:ready'});
    expect(await workspace.hears(1)).to.deep.equal([{type: 'meshes:auth', token: 'token-1'}]);
  });

  it('warns only that the frame is slow if it is blank for a while', async () => {
    const goOff = holdTimers(1_000, 3_000);
    const workspace = createWorkspace({
      readyTimeout: 3_000,
      sessionProvider: {mint: () => sessionAnswer({launch_url: launchUrl({mute: true})})},
    });
    await workspace.loaded(1);
    goOff(1_000);
    const {detail} = await workspace.event('meshes-warning');
    expect(detail.code).to.equal('slow');
    workspace.say({type: 'meshes:ready'});
    await workspace.hears(1);
    expect(workspace.states()).to.deep.equal(['minting', 'loading', 'ready']);
  });
});

describe('a page with Cross-Origin-Embedder-Policy', () => {
  const COEP = 'Cross-Origin-Embedder-Policy';
  it('shows no frame on a page with Cross-Origin-Embedder-Policy if the frame lacks the header', async () => {
    const {event, list} = showHostPage({
      headers: {[COEP]: 'require-corp'},
      settings: {'ready-timeout': '600'},
    });
    const {code, message} = await event('meshes-error');
    expect(code).to.equal('handshake_timeout');
    expect(message).to.include(COEP);
    expect(list().map(({type}) => type)).not.to.include('meshes-ready');
  });

  it('shows a frame that sends Cross-Origin-Embedder-Policy too', async () => {
    const url = embedded({
      headers: {[COEP]: 'require-corp', 'Cross-Origin-Resource-Policy': 'cross-origin'},
      body: READY,
    });
    const {event} = showHostPage({
      headers: {[COEP]: 'require-corp'},
      settings: {'launch-url': url},
    });
    const {origin} = await event('meshes-ready');
    expect(origin).to.equal(crossSiteOrigin);
  });
});
