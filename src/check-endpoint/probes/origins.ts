import {csrfLayerOf} from '../csrf.js';
import {FOREIGN_ORIGIN} from '../endpoint.js';
import {failed, outcomeOfRefusal, type Outcome, passed, warning, worst} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {describe, isSuccess} from '../reply.js';
import {checkAccepted, checkRefused} from './requests.js';

/** Headers of an older browser. Without `Sec-Fetch-Site`, only `Origin` counts. */
const OLDER_BROWSER = {
  'sec-fetch-site': undefined,
  'sec-fetch-mode': undefined,
  'sec-fetch-dest': undefined,
};
const NO_ORIGIN = '(none)';

function originProbe(
  id: string,
  title: string,
  origins: (own: string) => readonly string[],
  why: string,
): Probe {
  return {
    id,
    title,
    section: 'csrf',
    expected: '403, no session',
    why,
    run: context =>
      checkRefused(
        context,
        origins(context.endpoint.settings.origin).map(origin => ({
          name: `Origin ${origin}`,
          headers: {...OLDER_BROWSER, origin: origin === NO_ORIGIN ? undefined : origin},
        })),
      ),
  };
}

function siteProbe(site: string, why: string): Probe {
  return {
    id: `fetch-site-${site}`,
    title: `refuses Sec-Fetch-Site: ${site}`,
    section: 'csrf',
    expected: '403, no session, with any Origin',
    why,
    run: async ({endpoint, sessions}) => {
      await sessions.of();
      const {origin} = endpoint.settings;
      const headers = {'sec-fetch-site': site};
      const foreign = await endpoint.post({}, {headers: {...headers, origin: FOREIGN_ORIGIN}});
      const own = await endpoint.post({}, {headers});
      // CORS headers show that the origin of the host page is in the list of allowed origins, so its requests may be cross-site.
      const isListed =
        own.kind === 'answer' && own.headers['access-control-allow-origin'] === origin;
      return worst([
        {name: 'a foreign Origin', ...outcomeOfRefusal(foreign)},
        {
          name: 'the Origin of the page',
          ...(isListed ? passed('allowed by CORS') : outcomeOfRefusal(own)),
        },
      ]);
    },
  };
}

async function checkCsrfLayer({endpoint, sessions}: Context): Promise<Outcome> {
  const reply = await sessions.created();
  const layer = reply.kind === 'answer' ? csrfLayerOf(reply) : undefined;
  if (layer) return failed(`${describe(reply)}, by ${layer.name}. Pass ${layer.options}.`);
  await sessions.of();
  if (!endpoint.settings.csrf) return passed('no other CSRF layer answers before the endpoint');
  const without = await endpoint.post({}, {csrf: false});
  return isSuccess(without)
    ? warning('a session also without the CSRF token')
    : passed(`without its token: ${describe(without)}`);
}

export const ORIGIN_PROBES: readonly Probe[] = [
  {
    id: 'csrf-layer',
    title: 'lets the requests of the page through the CSRF layer',
    section: 'csrf',
    expected: 'the response of the endpoint, not of a CSRF layer of the framework',
    why: 'The element receives 403 until its tag has csrf-meta or csrf-cookie.',
    run: checkCsrfLayer,
  },
  {
    id: 'older-browser',
    title: 'accepts the Origin of the page without Sec-Fetch-Site',
    section: 'csrf',
    expected: 'a session',
    why: 'Older browsers do not send Sec-Fetch-Site. Behind a proxy, check Host and the scheme.',
    run: context => checkAccepted(context, {headers: OLDER_BROWSER}),
  },
  originProbe(
    'origin-foreign',
    'refuses a foreign Origin',
    () => [FOREIGN_ORIGIN],
    'Any site could request a session of your user.',
  ),
  originProbe(
    'origin-lookalike',
    'refuses an Origin that resembles that of the page',
    own => [
      `${own}.check-endpoint.invalid`,
      `${own}@check-endpoint.invalid`,
      `https://check-endpoint-${new URL(own).host}`,
      `${new URL(own).protocol}//${new URL(own).hostname}:1`,
    ],
    'Anybody can register a host whose name contains that of your host.',
  ),
  originProbe(
    'origin-null',
    'refuses Origin: null',
    () => ['null'],
    'Sandboxed frames and redirects of any site send this origin.',
  ),
  originProbe(
    'origin-missing',
    'refuses a request without Origin and Sec-Fetch-Site',
    () => [NO_ORIGIN],
    'Browsers send Origin with each POST. Without it, the source of the request is unknown.',
  ),
  {
    id: 'forwarded-host',
    title: 'does not trust X-Forwarded-Host of the request',
    section: 'csrf',
    expected: '403, no session',
    why: 'Trust this header only behind a proxy that sets it. Here, the client has sent it.',
    run: context =>
      checkRefused(context, [
        {
          name: 'a foreign Origin and X-Forwarded-Host',
          headers: {
            ...OLDER_BROWSER,
            origin: FOREIGN_ORIGIN,
            'x-forwarded-host': new URL(FOREIGN_ORIGIN).host,
            'x-forwarded-proto': 'https',
          },
        },
      ]),
  },
  siteProbe('cross-site', 'The browser says that a page of another site has sent the request.'),
  siteProbe('same-site', 'The browser says that another host of your site has sent the request.'),
  siteProbe(
    'none',
    'No page sends it: browsers send it if the user has typed a URL, or opened a bookmark.',
  ),
];
