import type {MeshesErrorCode, MeshesWorkspaceState} from 'meshes-workspace';

/** What the endpoints do wrong where a request asks for it by `?fault=`. */
export const ENDPOINT_FAULTS = [
  'server-error',
  'rate-limited',
  'unauthorized',
  'forbidden',
  'html',
  'redirect',
  'unreachable',
  'slow',
  'silent-frame',
  'blocked-frame',
  'revoked',
  'gone',
  'other-session',
] as const;

export type EndpointFault = (typeof ENDPOINT_FAULTS)[number];

export interface FaultCase {
  /** Part of the address, behind `#`. */
  readonly name: string;
  readonly title: string;
  /** What happens, and what one can do. */
  readonly text: string;
  /** Of the tag. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The page calls `refresh()` at ready, so that one need not wait until the frame asks. */
  readonly refreshes?: true;
  /** Where it ends. */
  readonly state: MeshesWorkspaceState;
  readonly code?: MeshesErrorCode;
}

const SESSION = '/api/meshes/session';
const REFRESH = '/api/meshes/session/refresh';

const minting = (fault: EndpointFault) => ({'token-endpoint': `${SESSION}?fault=${fault}`});
const refreshing = (fault: EndpointFault) => ({
  'token-endpoint': SESSION,
  'refresh-endpoint': `${REFRESH}?fault=${fault}`,
});

export const faultGroups: readonly {
  readonly title: string;
  readonly cases: readonly FaultCase[];
}[] = [
  {
    title: 'At the start',
    cases: [
      {
        name: 'none',
        title: 'No fault',
        text: 'The way it should be: minting, loading, ready.',
        attributes: {'token-endpoint': SESSION, 'refresh-endpoint': REFRESH},
        state: 'ready',
      },
      {
        name: 'slow',
        title: 'Slow endpoint',
        text: 'Your backend takes five seconds. The skeleton keeps the place of the workspace.',
        attributes: minting('slow'),
        state: 'ready',
      },
      {
        name: 'server-error',
        title: 'Endpoint answers 500',
        text: 'Tried four times within some seconds, then given up. It is tried again when the page wakes up, or by Retry.',
        attributes: minting('server-error'),
        state: 'failed',
        code: 'endpoint_server',
      },
      {
        name: 'unreachable',
        title: 'Endpoint out of reach',
        text: 'The connection is cut, as if the network were gone. Tried four times, then given up.',
        attributes: minting('unreachable'),
        state: 'failed',
        code: 'endpoint_network',
      },
      {
        name: 'rate-limited',
        title: 'Too many requests',
        text: 'Your backend answers 429 and asks for a minute of patience, so it is not asked again before that.',
        attributes: minting('rate-limited'),
        state: 'failed',
        code: 'endpoint_rate_limited',
      },
      {
        name: 'unauthorized',
        title: 'Signed out',
        text: 'Your backend answers 401. There is no second try before somebody presses Retry.',
        attributes: minting('unauthorized'),
        state: 'failed',
        code: 'endpoint_unauthorized',
      },
      {
        name: 'forbidden',
        title: 'No access',
        text: 'Your backend answers 403: this person may not see the workspace.',
        attributes: minting('forbidden'),
        state: 'failed',
        code: 'endpoint_forbidden',
      },
      {
        name: 'redirect',
        title: 'Redirect to a login',
        text: 'The element follows no redirect: what comes behind it is no session.',
        attributes: minting('redirect'),
        state: 'failed',
        code: 'endpoint_redirected',
      },
      {
        name: 'html',
        title: 'A page instead of JSON',
        text: 'A login page with the status 200 is not taken for a session.',
        attributes: minting('html'),
        state: 'failed',
        code: 'endpoint_bad_response',
      },
    ],
  },
  {
    title: 'In the frame',
    cases: [
      {
        name: 'silent-frame',
        title: 'Frame keeps silent',
        text: 'What is loaded never says meshes:ready. After a third of the time comes a warning, after all of it one more session, then the error. The time is three seconds here.',
        attributes: {...minting('silent-frame'), 'ready-timeout': '3000'},
        state: 'failed',
        code: 'handshake_timeout',
      },
      {
        name: 'blocked-frame',
        title: 'Policy blocks the frame',
        text: 'The frame-src of this page does not name the origin of the launch URL. The browser says so at once, and so does the element.',
        attributes: minting('blocked-frame'),
        state: 'failed',
        code: 'csp_blocked',
      },
    ],
  },
  {
    title: 'While in use',
    cases: [
      {
        name: 'refresh-fails',
        title: 'Refresh answers 500',
        text: 'Tried again with growing pauses, for as long as the token lives. The frame goes on with the token it has.',
        attributes: refreshing('server-error'),
        refreshes: true,
        state: 'reconnecting',
        code: 'endpoint_server',
      },
      {
        name: 'offline',
        title: 'Refresh out of reach',
        text: 'As if the network were gone. With the offline switch of your browser the element waits until it is back.',
        attributes: refreshing('unreachable'),
        refreshes: true,
        state: 'reconnecting',
        code: 'endpoint_network',
      },
      {
        name: 'revoked',
        title: 'Session revoked',
        text: 'The refresh answers 410. What was typed in the frame stays there until somebody presses Reload.',
        attributes: refreshing('revoked'),
        refreshes: true,
        state: 'expired',
        code: 'session_revoked',
      },
      {
        name: 'expired',
        title: 'Session expired',
        text: 'The refresh answers 404: Meshes knows no such session any more.',
        attributes: refreshing('gone'),
        refreshes: true,
        state: 'expired',
        code: 'session_expired',
      },
      {
        name: 'other-session',
        title: 'Token of another session',
        text: 'The refresh answers for a session that was not asked about. Its token never reaches the frame.',
        attributes: refreshing('other-session'),
        refreshes: true,
        state: 'expired',
        code: 'session_mismatch',
      },
    ],
  },
  {
    title: 'Set up wrong',
    cases: [
      {
        name: 'no-endpoint',
        title: 'No endpoint',
        text: 'There is nothing to start from. No Retry here: only a change of the page helps.',
        attributes: {},
        state: 'failed',
        code: 'config_invalid',
      },
      {
        name: 'insecure',
        title: 'Launch URL without https',
        text: 'A token would travel where others can read it, so nothing is loaded.',
        attributes: {
          'token-endpoint': SESSION,
          'launch-url': 'http://embed.example/workspace/dashboard',
        },
        state: 'failed',
        code: 'insecure_url',
      },
      {
        name: 'other-origin',
        title: 'Frame of another origin',
        text: 'The page pins the origin of the frame, and the session names another one.',
        attributes: {'token-endpoint': SESSION, 'embed-origin': 'https://embed.example'},
        state: 'failed',
        code: 'origin_not_allowed',
      },
    ],
  },
];

export const faultCases = faultGroups.flatMap(({cases}) => cases);

/** The tag as one would write it. */
export const faultTag = ({attributes}: FaultCase): string =>
  [
    '<meshes-workspace',
    ...Object.entries(attributes).map(([name, value]) => `  ${name}="${value}"`),
    '></meshes-workspace>',
  ].join('\n');
