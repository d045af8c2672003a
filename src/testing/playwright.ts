/** `meshes-workspace/testing/playwright`: fixtures for the Playwright tests of a host application. */
import {
  type BrowserContext,
  type Fixtures,
  type FrameLocator,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type Route,
  test,
} from '@playwright/test';
import type {MeshesWorkspaceElement} from '../element/index.js';
import {
  createEmulator,
  type EmittedEvent,
  type Emulator,
  type EmulatorOptions,
  secondWorkspace,
  type SessionSelector,
} from '../emulator/index.js';
import {createMeshesServer, type MeshesServerOptions} from '../server/index.js';

/** Names of emulated requests: the creation of a session, a refresh, the document of the frame, or an event. */
const ROUTES = {
  session: 'POST /api/v1/sessions',
  refresh: 'POST /api/v1/sessions/:sessionId/refresh',
  frame: 'GET /workspace/*',
  events: 'POST /api/v1/events',
} as const;

/**
 * Route of a request: a name (`session`, `refresh`, `frame`, `events`), a method and a path of the emulator (`GET /data/*`), or a
 * path of the host application (`/api/meshes/session`).
 */
export type MeshesRoute = keyof typeof ROUTES | `${string} /${string}` | `/${string}`;

export interface MeshesFailure {
  /** Status of the response. Default: 500. */
  readonly status?: number | undefined;
  /** Number of requests that fail. Default: all. */
  readonly times?: number | undefined;
  /** Value of the `Retry-After` header: seconds, or an HTTP date. */
  readonly retryAfter?: number | string | undefined;
  /** Body of the response. Default: a problem document for a path of the host application, otherwise an error of Meshes. */
  readonly body?: string | undefined;
}

/** Controls the emulator of a test. Each call is a step in the test's trace. */
export interface Meshes {
  /** Emulator of this worker. Its `control` has further functions. */
  readonly emulator: Emulator;
  /** Waits until the workspace is ready. Rejects with the error of the element if it fails. */
  ready(page: Page, selector?: string): Promise<void>;
  /** Returns a locator of the content of the workspace. */
  frame(page: Page, selector?: string): FrameLocator;
  /** Expires access tokens. The frame requests a new token when it receives a 401. */
  expire(selector?: SessionSelector): Promise<void>;
  /** Revokes sessions. Later refreshes are refused. */
  revoke(selector?: SessionSelector): Promise<void>;
  /** Makes requests fail. */
  fail(route: MeshesRoute, failure?: MeshesFailure): Promise<void>;
  /** Delays requests by this many milliseconds. */
  slow(route: MeshesRoute, delayMs: number): Promise<void>;
  /** Ends the failures and delays. */
  restore(): Promise<void>;
  /** Disconnects the browser from the network, including servers on this machine. */
  offline(): Promise<void>;
  online(): Promise<void>;
  /** Sends an event to the workspace. Resolves with its ID. */
  emit(event: EmittedEvent): Promise<string>;
}

export interface MeshesOptions {
  /**
   * Path of the session endpoint of the host application. The fixtures answer requests to it and to `/refresh` below it, so that no
   * backend must run. `null` if the backend of the application answers. Default: `/api/meshes/session`.
   */
  readonly endpoint?: string | null | undefined;
  /** `authorize` of `createMeshesServer`, for the endpoint that the fixtures answer. Default: an admin of the demo workspace. */
  readonly authorize?: MeshesServerOptions['authorize'] | undefined;
  /** Options of the emulator. Default: free ports. */
  readonly emulator?: EmulatorOptions | undefined;
}

export interface MeshesTestFixtures {
  meshes: Meshes;
}

export interface MeshesWorkerFixtures {
  meshesOptions: MeshesOptions;
  /** Emulator of the worker. */
  meshesEmulator: Emulator;
  /** Environment variables for a backend that uses the emulator of this worker. */
  meshesEnv: Readonly<Record<MeshesVariable, string>>;
}

export type MeshesVariable =
  | 'MESHES_ORGANIZATION_ID'
  | 'MESHES_ACCESS_KEY'
  | 'MESHES_SECRET_KEY'
  | 'MESHES_WORKSPACE_ID'
  | 'MESHES_SECOND_WORKSPACE_ID'
  | 'MESHES_API_URL';

/** `test.extend(meshesFixtures)` adds `meshes` to the arguments of each test. */
export const meshesFixtures: Fixtures<
  MeshesTestFixtures,
  MeshesWorkerFixtures,
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = {
  meshesOptions: [{}, {scope: 'worker', option: true}],

  meshesEmulator: [
    async ({meshesOptions}, use) => {
      const emulator = await createEmulator({port: 0, ...meshesOptions.emulator});
      await use(emulator);
      await emulator.close();
    },
    {scope: 'worker', title: 'Meshes emulator'},
  ],

  meshesEnv: [
    async ({meshesEmulator: {apiUrl, credentials}}, use) => {
      await use({
        MESHES_ORGANIZATION_ID: credentials.organizationId,
        MESHES_ACCESS_KEY: credentials.accessKey,
        MESHES_SECRET_KEY: credentials.secretKey,
        MESHES_WORKSPACE_ID: credentials.workspaceId,
        MESHES_SECOND_WORKSPACE_ID: secondWorkspace.workspaceId,
        MESHES_API_URL: apiUrl,
      });
    },
    {scope: 'worker', box: true},
  ],

  meshes: [
    async ({context, meshesEmulator, meshesOptions}, use) => {
      meshesEmulator.control.reset();
      const network: Network = {isOffline: false};
      await answerEndpoint(context, network, meshesEmulator, meshesOptions);
      await use(createMeshes(context, network, meshesEmulator));
    },
    {box: true},
  ],
};

const TAG = 'meshes-workspace';

/** Playwright answers intercepted requests even while the browser is offline, so the fixtures must refuse them. */
interface Network {
  isOffline: boolean;
}

function createMeshes(context: BrowserContext, network: Network, emulator: Emulator): Meshes {
  const {control} = emulator;
  const routes: (() => Promise<void>)[] = [];

  /** Adds a fault to a path of the host application, before its backend. */
  const interceptPath = async (
    path: string,
    times: number,
    handle: (route: Route) => Promise<void>,
  ): Promise<void> => {
    const matches = ({pathname}: URL): boolean => pathname === path;
    let left = times;
    const onRoute = (route: Route): Promise<void> =>
      left-- > 0 ? handle(route) : route.fallback();
    await context.route(matches, onRoute);
    routes.push(() => context.unroute(matches, onRoute));
  };

  const setOffline = async (isOffline: boolean): Promise<void> => {
    network.isOffline = isOffline;
    await context.setOffline(isOffline);
  };

  return {
    emulator,
    frame: (page, selector = TAG) => page.locator(selector).first().frameLocator('iframe'),

    ready: (page, selector = TAG) =>
      step(`meshes.ready()`, async () => {
        await page
          .locator(selector)
          .first()
          .evaluate(async (element: MeshesWorkspaceElement, tag) => {
            await customElements.whenDefined(tag);
            await element.whenReady();
          }, TAG);
      }),

    expire: (selector = {}) =>
      step('meshes.expire()', () => {
        control.expire(selector);
      }),

    revoke: (selector = {}) =>
      step('meshes.revoke()', () => {
        control.revoke(selector);
      }),

    fail: (route, {status = 500, times, retryAfter, body} = {}) =>
      step(`meshes.fail(${route}, ${status})`, async () => {
        const wait = retryAfter === undefined ? undefined : String(retryAfter);
        if (!isHostPath(route)) {
          control.addFault({route: routeOf(route), status, count: times, retryAfter: wait, body});
          return;
        }
        await interceptPath(route, times ?? Infinity, intercepted =>
          intercepted.fulfill({
            status,
            contentType: body === undefined ? 'application/problem+json' : 'application/json',
            headers: {...(wait !== undefined && {'Retry-After': wait})},
            body: body ?? JSON.stringify({title: 'A test caused this problem.', status}),
          }),
        );
      }),

    slow: (route, delayMs) =>
      step(`meshes.slow(${route}, ${delayMs} ms)`, async () => {
        if (!isHostPath(route)) {
          control.addFault({route: routeOf(route), delayMs});
          return;
        }
        await interceptPath(route, Infinity, async intercepted => {
          await new Promise(resolve => setTimeout(resolve, delayMs));
          // The page may have been closed, or the test may have ended.
          await intercepted.fallback().catch(() => {});
        });
      }),

    restore: () =>
      step('meshes.restore()', async () => {
        control.clearFaults();
        for (const remove of routes.splice(0)) await remove();
      }),

    offline: () => step('meshes.offline()', () => setOffline(true)),
    online: () => step('meshes.online()', () => setOffline(false)),
    emit: event => step(`meshes.emit(${event.event})`, () => control.emit(event)),
  };
}

/** Shows the call in the trace and the report. Its errors point to the line of the test. */
function step<Result>(title: string, body: () => Result | Promise<Result>): Promise<Result> {
  return test.step(title, body, {box: true});
}

function isHostPath(route: MeshesRoute): route is `/${string}` {
  return route.startsWith('/');
}

function routeOf(route: Exclude<MeshesRoute, `/${string}`>): string {
  return Object.hasOwn(ROUTES, route) ? ROUTES[route as keyof typeof ROUTES] : route;
}

/** Answers the session endpoint of the host application in the process of the test. */
async function answerEndpoint(
  context: BrowserContext,
  network: Network,
  {apiUrl, credentials}: Emulator,
  {endpoint = '/api/meshes/session', authorize}: MeshesOptions,
): Promise<void> {
  if (endpoint === null) return;
  const {workspaceId} = credentials;
  const meshes = createMeshesServer({
    credentials,
    baseUrl: apiUrl,
    authorize: authorize ?? (() => ({userId: 'playwright', workspaceId, role: 'admin'})),
  });
  const paths = [endpoint, `${endpoint}/refresh`];
  await context.route(
    ({pathname}) => paths.includes(pathname),
    async route => {
      if (network.isOffline) return route.abort('internetdisconnected');
      const request = route.request();
      if (request.method() === 'POST' && request.postData() === null) {
        throw new Error(
          "meshesFixtures: Playwright cannot read the bodies of requests in this browser. Most likely, it is a Firefox that is controlled with WebDriver BiDi. Use Playwright's own build of the browser, or set `endpoint: null` in `meshesOptions` and let your backend answer.",
        );
      }
      const headers = new Headers(await request.allHeaders());
      // An intercepted request does not have this header yet.
      headers.set('Host', new URL(request.url()).host);
      const response = await meshes.handler(
        new Request(request.url(), {
          method: request.method(),
          headers,
          body: request.postData(),
        }),
      );
      const body = Buffer.from(await response.arrayBuffer());
      await route
        .fulfill({status: response.status, headers: Object.fromEntries(response.headers), body})
        // The page may have been closed.
        .catch(() => {});
    },
  );
}
