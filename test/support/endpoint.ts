/** Scripted endpoints and pages with chosen headers for browser tests; `wtr-endpoints.mjs` is the server side. */

/** One answer of a scripted endpoint. */
export interface Step {
  /** 200, or 302 with `redirect`. */
  status?: number;
  headers?: Record<string, string>;
  /** The body, sent as `application/json`. */
  json?: unknown;
  /** The body as it is; name its type in `headers`. */
  text?: string;
  /** URL for the `Location` header. */
  redirect?: string;
  /** Waits for {@link Endpoint.release} before it answers. */
  hold?: boolean;
  /** Answers that many milliseconds later. For time-outs; use `hold` to arrange an order. */
  delayMs?: number;
  /** Sends nothing at all, or the headers and half of the body, and then stalls. */
  hang?: 'headers' | 'body';
  /** Closes the connection instead of answering, or within the body: a network error to the page. */
  cut?: true | 'body';
}

/** A request that reached a scripted endpoint. Preflights are among them, with the method `OPTIONS`. */
export interface RecordedRequest {
  method: string;
  /** Path below the endpoint's `url`, such as `/refresh/sess_1`; empty for the `url` itself. */
  path: string;
  /** The query string with its `?`, or empty. */
  query: string;
  headers: Record<string, string | undefined>;
  body: string;
  /** Milliseconds since the epoch, by the server's clock. */
  time: number;
  /** The page closed the connection before the answer was complete. */
  aborted: boolean;
}

export interface Cors {
  origin: string;
  credentials?: boolean;
  /** Comma-separated; `content-type` unless given. */
  allowHeaders?: string;
  /** Comma-separated; `date, retry-after` unless given. */
  exposeHeaders?: string;
}

export interface Endpoint {
  /** Path on the page's own origin. Anything may follow: `${url}/refresh/:sessionId`. */
  readonly url: string;
  /** The same endpoint on the other site, `http://127.0.0.1:…`; pages may read it after {@link Endpoint.cors}. */
  readonly crossSiteUrl: string;
  /** Replaces the steps that are left. Each call takes one; the last one repeats. */
  script(steps: Step[]): Promise<void>;
  /** Allows other origins to read the answers. */
  cors(cors: Cors): Promise<void>;
  /** Lets the calls go on that wait at a step with `hold`. */
  release(): Promise<void>;
  /** The requests so far, as soon as there are `atLeast` of them, and `aborted` of them were given up by the page. */
  requests(options?: {atLeast?: number; aborted?: number}): Promise<RecordedRequest[]>;
  /** Forgets the endpoint and cuts what still hangs. */
  dispose(): Promise<void>;
}

/** The page's own port on the other loopback name: another site to the browser, as an embed is in production. */
export const crossSiteOrigin = `http://127.0.0.1:${location.port}`;

/** An endpoint of its own for one test. */
export async function createEndpoint(steps: Step[] = []): Promise<Endpoint> {
  const base = `/__endpoint/${crypto.randomUUID()}`;
  const control = async (method: string, route: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${base}${route}`, {method, body: JSON.stringify(body)});
    if (!response.ok) throw new Error(`${method} ${base}${route} answered ${response.status}`);
    return response;
  };
  const endpoint: Endpoint = {
    url: `${base}/call`,
    crossSiteUrl: `${crossSiteOrigin}${base}/call`,
    script: async next => void (await control('PUT', '/script', next)),
    cors: async cors => void (await control('PUT', '/cors', cors)),
    release: async () => void (await control('POST', '/release')),
    requests: async ({atLeast = 0, aborted = 0} = {}) => {
      const response = await control('GET', `/requests?atLeast=${atLeast}&aborted=${aborted}`);
      return (await response.json()) as RecordedRequest[];
    },
    dispose: async () => void (await control('DELETE', '')),
  };
  await endpoint.script(steps);
  return endpoint;
}

export interface PageOptions {
  /** Response headers, such as `{'Content-Security-Policy': "frame-src 'none'"}`. */
  headers?: Record<string, string>;
  /** HTML of the body. */
  body?: string;
  /** Addresses of module scripts at the end of the body; `.ts` files are served as JavaScript. */
  scripts?: string[];
  /** `location.origin` unless given; {@link crossSiteOrigin} for the other site. */
  origin?: string;
}

/** Address of a document with these headers and this body, to be shown in a frame or a window. */
export function pageUrl({headers = {}, body, scripts = [], origin}: PageOptions): string {
  const url = new URL('/__page', origin ?? location.origin);
  for (const [name, value] of Object.entries(headers)) {
    url.searchParams.append('header', `${name}: ${value}`);
  }
  for (const script of scripts) url.searchParams.append('script', script);
  if (body !== undefined) url.searchParams.set('body', body);
  return url.href;
}
