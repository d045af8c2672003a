import type {MeshesErrorCode, MeshesWorkspaceState} from 'meshes-workspace';

/** Faults of the endpoints. The query parameter `fault` of a request selects one. */
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
  /** Fragment of the URL. */
  readonly name: string;
  readonly title: string;
  /** What happens, and what the element does. */
  readonly text: string;
  /** Attributes of the tag. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether the page calls `refresh()` at `ready`, instead of waiting for the frame. */
  readonly refreshes?: true;
  /** The last state. */
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
        text: 'The normal case: minting, loading, ready.',
        attributes: {'token-endpoint': SESSION, 'refresh-endpoint': REFRESH},
        state: 'ready',
      },
      {
        name: 'slow',
        title: 'Slow endpoint',
        text: 'The backend takes five seconds. The skeleton reserves the space of the workspace.',
        attributes: minting('slow'),
        state: 'ready',
      },
      {
        name: 'server-error',
        title: 'Endpoint answers 500',
        text: 'The element makes four attempts in a few seconds, then fails. It retries when the page becomes visible again, and when the user clicks Retry.',
        attributes: minting('server-error'),
        state: 'failed',
        code: 'endpoint_server',
      },
      {
        name: 'unreachable',
        title: 'Endpoint unreachable',
        text: 'The server closes the connection. The element makes four attempts, then fails.',
        attributes: minting('unreachable'),
        state: 'failed',
        code: 'endpoint_network',
      },
      {
        name: 'rate-limited',
        title: 'Too many requests',
        text: 'The backend answers 429 with Retry-After: 60. The element sends no request before that.',
        attributes: minting('rate-limited'),
        state: 'failed',
        code: 'endpoint_rate_limited',
      },
      {
        name: 'unauthorized',
        title: 'Signed out',
        text: 'The backend answers 401. The element does not retry until the user clicks Retry.',
        attributes: minting('unauthorized'),
        state: 'failed',
        code: 'endpoint_unauthorized',
      },
      {
        name: 'forbidden',
        title: 'No access',
        text: 'The backend answers 403: the user may not use the workspace.',
        attributes: minting('forbidden'),
        state: 'failed',
        code: 'endpoint_forbidden',
      },
      {
        name: 'redirect',
        title: 'Redirect to a login',
        text: 'The backend redirects to a login page. The element does not follow redirects, and fails.',
        attributes: minting('redirect'),
        state: 'failed',
        code: 'endpoint_redirected',
      },
      {
        name: 'html',
        title: 'HTML instead of JSON',
        text: 'The backend answers 200 with a login page. The element accepts only JSON, and fails.',
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
        title: 'Frame sends nothing',
        text: 'The frame never sends meshes:ready. The element warns after a third of ready-timeout (here three seconds), creates one more session, then fails.',
        attributes: {...minting('silent-frame'), 'ready-timeout': '3000'},
        state: 'failed',
        code: 'handshake_timeout',
      },
      {
        name: 'blocked-frame',
        title: 'Policy blocks the frame',
        text: 'The frame-src of this page does not contain the origin of the launch URL. The element fails immediately.',
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
        text: 'The element retries until the token expires. The frame keeps its current token.',
        attributes: refreshing('server-error'),
        refreshes: true,
        state: 'reconnecting',
        code: 'endpoint_server',
      },
      {
        name: 'offline',
        title: 'Refresh unreachable',
        text: 'The server closes the connection, and the element retries. If the browser is offline, the element waits until it is online.',
        attributes: refreshing('unreachable'),
        refreshes: true,
        state: 'reconnecting',
        code: 'endpoint_network',
      },
      {
        name: 'revoked',
        title: 'Session revoked',
        text: 'The refresh answers 410. The user’s input in the frame is kept until the user clicks Reload.',
        attributes: refreshing('revoked'),
        refreshes: true,
        state: 'expired',
        code: 'session_revoked',
      },
      {
        name: 'expired',
        title: 'Session expired',
        text: 'The refresh answers 404: Meshes no longer knows the session.',
        attributes: refreshing('gone'),
        refreshes: true,
        state: 'expired',
        code: 'session_expired',
      },
      {
        name: 'other-session',
        title: 'Token of another session',
        text: 'The refresh returns a token of another session. The element does not post it to the frame.',
        attributes: refreshing('other-session'),
        refreshes: true,
        state: 'expired',
        code: 'session_mismatch',
      },
    ],
  },
  {
    title: 'Configuration',
    cases: [
      {
        name: 'no-endpoint',
        title: 'No endpoint',
        text: 'The tag has no endpoint. Only a change to the page helps, so the view has no Retry button.',
        attributes: {},
        state: 'failed',
        code: 'config_invalid',
      },
      {
        name: 'insecure',
        title: 'Launch URL without https',
        text: 'The launch URL uses http. Others on the network could read the token, so the element does not load the frame.',
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
        text: 'embed-origin allows another origin than that of the launch URL.',
        attributes: {'token-endpoint': SESSION, 'embed-origin': 'https://embed.example'},
        state: 'failed',
        code: 'origin_not_allowed',
      },
    ],
  },
];

export const faultCases = faultGroups.flatMap(({cases}) => cases);

/** Returns the tag for a fault. */
export const faultTag = ({attributes}: FaultCase): string =>
  [
    '<meshes-workspace',
    ...Object.entries(attributes).map(([name, value]) => `  ${name}="${value}"`),
    '></meshes-workspace>',
  ].join('\n');
