/** Addresses that one parser reads in one way and another one in another, and a `<base>` that changes how they are read. */
import {expect} from '@open-wc/testing';
import {
  arrivals,
  attackPage,
  dismissAttackers,
  otherPortOrigin,
  stage,
} from '../support/attackers.js';
import {createEndpoint, crossSiteOrigin} from '../support/endpoint.js';
import {auth, counting} from '../support/siege.js';
import {cleanUp, createWorkspace, launchUrl, sessionAnswer} from '../support/workspace.js';

const bases = new Set<HTMLBaseElement>();
function insertBase(href: string): void {
  const base = document.createElement('base');
  base.href = href;
  bases.add(base);
  document.head.prepend(base);
}

afterEach(cleanUp);
afterEach(dismissAttackers);
function removeBases(): void {
  for (const base of bases) base.remove();
  bases.clear();
}
afterEach(removeBases);

const {hostname} = location;

/** Ways to write an address that is read as https://host/… without a base, and as a path of the page with one of the same scheme. */
const READINGS = [
  (rest: string) => `http:${rest}`,
  (rest: string) => `http:/${rest}`,
  (rest: string) => `http:\\\\${rest}`,
  (rest: string) => `ht\ntp://${rest}`,
  (rest: string) => `\thttp:${rest}`,
  (rest: string) => `  http:${rest}`,
  (rest: string) => `HTTP:///${rest}`,
];

describe('a launch URL that parsers can read in two ways', () => {
  for (const base of [null, otherPortOrigin]) {
    it(`loads an ambiguous launch URL from the checked origin only (base: ${base ? 'another origin' : 'none'})`, async () => {
      if (base) insertBase(`${base}/`);
      for (const write of READINGS) {
        const {url, role} = attackPage({workspace: true});
        const rest = url.replace('http://', '');
        for (const properties of [
          {launchUrl: write(rest), sessionProvider: counting()},
          {sessionProvider: counting(() => ({launch_url: write(rest)}))},
        ]) {
          const workspace = createWorkspace({embedOrigin: crossSiteOrigin, ...properties});
          expect(await workspace.hears(1), write(rest)).to.deep.equal([auth(1)]);
          const frame = workspace.frame()!;
          expect(frame.getAttribute('src')).to.equal(url);
          const {origin} = arrivals.findLast(
            ({data}) => (data as {role?: string} | null)?.role === role,
          )!;
          expect(origin, write(rest)).to.equal(crossSiteOrigin);
          workspace.element.remove();
        }
      }
    });
  }

  it('refuses an ambiguous launch URL that has the origin of the host page in one reading', async () => {
    const page = `${hostname}:${location.port}/test/fixtures/embed.html`;
    for (const write of READINGS) {
      for (const properties of [
        {launchUrl: write(page), sessionProvider: counting()},
        {sessionProvider: counting(() => ({launch_url: write(page)}))},
      ]) {
        const workspace = createWorkspace(properties);
        const {detail} = await workspace.event('meshes-error');
        expect(detail.code, write(page)).to.equal('origin_not_allowed');
        expect(workspace.frame()).to.equal(null);
        workspace.element.remove();
      }
    }
  });

  it('does not load a used launch URL again, in another spelling or in another element', async () => {
    const given = launchUrl();
    const first = createWorkspace({launchUrl: given, sessionProvider: counting()});
    await first.reaches('ready');
    const provider = counting();
    const second = createWorkspace({
      launchUrl: `${given.replace('http://', ' HTTP:')}#again`,
      sessionProvider: provider,
    });
    await second.reaches('ready');
    expect(second.frame()!.src).not.to.equal(given);
    expect(provider.asked).to.deep.equal([null]);
  });
});

describe('a <base> that is added after the start', () => {
  it('keeps the endpoints unchanged if a <base> is added after the start', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer()},
      {json: {access_token: 'token-2'}},
    ]);
    await endpoint.cors({
      origin: location.origin,
      credentials: true,
      allowHeaders: 'content-type, authorization',
    });
    const workspace = createWorkspace({
      tokenEndpoint: endpoint.url,
      refreshEndpoint: `${endpoint.url}/:sessionId`,
      requestHeaders: {Authorization: 'Bearer of-the-page'},
    });
    await workspace.reaches('ready');
    insertBase(`http://localhost:${stage.port}/`);
    await workspace.element.refresh();
    removeBases();
    const requests = await endpoint.requests();
    expect(requests.map(({method, headers}) => [method, headers.host])).to.deep.equal([
      ['POST', location.host],
      ['POST', location.host],
    ]);
    expect(requests[1]!.path).to.equal('/sess_1');
  });
});
