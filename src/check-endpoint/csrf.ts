import type {Answer} from './exchange.js';
import {codeOf} from './reply.js';

/** The place of the CSRF token of the framework, as in the attributes of the element. */
export interface CsrfSource {
  meta?: string | undefined;
  cookie?: string | undefined;
  /** Name of the header that carries the token. */
  header: string;
  /** A page of the host app. Required for `meta`, and for a `cookie` that is not among the cookies of the user. */
  page?: URL | undefined;
}

/** Cookies by name, as a browser sends them. */
export type Cookies = Map<string, string>;

export function parseCookies(text: string): Cookies {
  const pairs = text.split(';').map(pair => pair.trim());
  return new Map(
    pairs
      .filter(pair => pair.includes('='))
      .map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

export function formatCookies(cookies: Cookies): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Returns the cookies after a response has set some. */
export function withSetCookies(
  cookies: Cookies,
  {setCookies}: Pick<Answer, 'setCookies'>,
): Cookies {
  return new Map([...cookies, ...setCookies.flatMap(line => [...parseCookies(line)].slice(0, 1))]);
}

/** Whether a cookie belongs to a CSRF layer, and does not identify a user. */
export function isCsrfCookie(name: string): boolean {
  return /csrf|xsrf|forgery/i.test(name);
}

export function tokenOf(
  {meta, cookie}: CsrfSource,
  cookies: Cookies,
  html: string,
): string | undefined {
  const token = (meta && metaContent(html, meta)) || (cookie && decode(cookies.get(cookie)));
  // A token must be a valid header value.
  return token && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}

/** Percent-decodes a cookie, as the element does: Laravel encodes it. */
function decode(value = ''): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function metaContent(html: string, name: string): string | undefined {
  for (const [tag] of html.matchAll(/<meta\b[^<>]{0,2000}>/gi)) {
    if (attribute(tag, 'name') === name) return attribute(tag, 'content');
  }
  return undefined;
}

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value?.replace(
    /&(amp|quot|lt|gt|#39|#x27|#43|#x2b|#61|#x3d);/gi,
    entity => ENTITIES[entity.toLowerCase()]!,
  );
}

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&#39;': "'",
  '&#x27;': "'",
  '&#43;': '+',
  '&#x2b;': '+',
  '&#61;': '=',
  '&#x3d;': '=',
};

export interface CsrfLayer {
  name: string;
  /** Options of the command with which the layer accepts a request. */
  options: string;
}

const LAYERS: readonly (CsrfLayer & {matches: (answer: Answer) => boolean})[] = [
  {
    name: 'Django',
    options: '--csrf-cookie csrftoken --csrf-header X-CSRFToken, or --csrf-meta NAME --page URL',
    matches: ({status, body}) =>
      status === 403 &&
      /CSRF verification failed|CSRF Failed|CSRF cookie not set|CSRF token (missing|from)/i.test(
        body,
      ),
  },
  {
    name: 'Laravel',
    options: '--csrf-meta csrf-token --page URL',
    matches: ({status, body}) => status === 419 || /CSRF token mismatch/.test(body),
  },
  {
    name: 'Rails',
    options: '--csrf-meta csrf-token --page URL',
    matches: ({status, body}) =>
      /InvalidAuthenticityToken|InvalidCrossOriginRequest/.test(body) ||
      (status === 422 && /The change you wanted was rejected/.test(body)),
  },
  {
    name: 'Go (http.CrossOriginProtection)',
    options: '--origin, if the host app has another origin than the endpoint',
    matches: ({status, body}) => status === 403 && /cross-origin request detected/.test(body),
  },
  {
    name: 'the application',
    options:
      '--csrf-meta or --csrf-cookie if a token is needed, or --origin if the host app is elsewhere',
    matches: answer => codeOf(answer) === 'csrf_rejected',
  },
  {
    name: 'the framework',
    options: '--csrf-meta NAME --page URL, or --csrf-cookie NAME --csrf-header NAME',
    matches: ({status, body}) =>
      [400, 403, 422].includes(status) && /csrf|xsrf|forgery|authenticity.token/i.test(body),
  },
];

/** Returns the CSRF layer that sent this response instead of the endpoint, if there is one. */
export function csrfLayerOf(answer: Answer): CsrfLayer | undefined {
  return LAYERS.find(layer => layer.matches(answer));
}
