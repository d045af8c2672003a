import {isEmbeddingOrigin, isPageOrigin, isWebOrigin} from './origins.js';
import {toUrl} from './parse.js';
import {MeshesServerError} from './server-error.js';

export interface RequestPolicy {
  allowedOrigins: readonly string[];
  /** Whether X-Forwarded-Host and X-Forwarded-Proto are trusted. */
  trustProxy: boolean;
}

/** Checks the type for callers in JavaScript. @throws MeshesServerError `options_invalid` for a request of another API */
export function checkIsRequest(value: unknown): asserts value is Request {
  const {headers, url} = (value ?? {}) as Partial<Request>;
  if (typeof headers?.get === 'function' && typeof url === 'string') return;
  throw new MeshesServerError('options_invalid', {
    detail:
      'The request must be a Request of the Fetch API. For Node, see toNodeHandler and toRequest of meshes-workspace/server/node.',
  });
}

/** Refuses everything except a JSON POST from a page of this site or of an allowed origin. */
export function checkRequest(request: Request, policy: RequestPolicy): void {
  const {method, headers} = request;
  if (method !== 'POST') {
    // A preflight of a page whose origin is not allowed. The page will send no POST.
    const isPreflight = headers.has('access-control-request-method');
    throw new MeshesServerError(
      'method_not_allowed',
      isPreflight ? {detail: describeOrigins(request, policy)} : {},
    );
  }
  if (!isFromTrustedPage(request, policy)) {
    throw new MeshesServerError('csrf_rejected', {detail: describeOrigins(request, policy)});
  }
  // A form cannot send this type. A script of another origin can do so only after a preflight.
  const type = headers.get('content-type')?.split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new MeshesServerError('content_type_unsupported', {detail: `Received ${shown(type)}.`});
  }
}

/** Describes the headers and options that decide whether a page is trusted. */
function describeOrigins(request: Request, policy: RequestPolicy): string {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const host = requestHost(request, policy, request.url);
  const allowed = policy.allowedOrigins.join(', ') || 'none';
  return `Received Origin: ${shown(origin)}, Host: ${shown(host)}, Sec-Fetch-Site: ${shown(site)}. allowedOrigins: ${allowed}.`;
}

/** Returns the value of a header for a log. Only a short value in one line is quoted. */
function shown(value: string | null | undefined): string {
  return /^[\w.:/+[\]-]{1,120}$/.test(value || 'none') ? value || 'none' : 'an invalid value';
}

function isFromTrustedPage(request: Request, policy: RequestPolicy): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site === 'same-origin') return true;
  // Browsers add an origin to every POST. A request without one was not sent by a page.
  const origin = request.headers.get('origin') ?? '';
  if (policy.allowedOrigins.includes(origin)) return true;
  // If the browser says that the page is cross-site, an equal host means the http version of this https site.
  return (
    site === null &&
    isWebOrigin(origin) &&
    new URL(origin).host === requestHost(request, policy, origin)
  );
}

/**
 * Returns the origins that may embed a session for this request: the origin of the page if it is trusted, or else the origin of the
 * request's URL. The list is empty for origins that are not sent to Meshes: those of apps, and plain http.
 */
export function embeddingOrigins(request: Request, policy: RequestPolicy): string[] {
  const origin = request.headers.get('origin');
  const isTrusted = isPageOrigin(origin) && isFromTrustedPage(request, policy);
  return [isTrusted ? origin : ownOrigin(request, policy)].filter(isEmbeddingOrigin);
}

function ownOrigin(request: Request, policy: RequestPolicy): string {
  const url = new URL(request.url);
  const proto = forwarded('proto', request, policy);
  if (proto === 'http' || proto === 'https') url.protocol = proto;
  const host = requestHost(request, policy, url.origin);
  return host === undefined ? url.origin : `${url.protocol}//${host}`;
}

/** Returns the requested host, without the default port of `origin`'s protocol. */
function requestHost(request: Request, policy: RequestPolicy, origin: string): string | undefined {
  const host =
    forwarded('host', request, policy) || request.headers.get('host') || new URL(request.url).host;
  return toUrl(`${new URL(origin).protocol}//${host}`)?.host;
}

/** Returns the value that a trusted proxy reports for the browser's request. */
function forwarded(
  name: 'host' | 'proto',
  {headers}: Request,
  {trustProxy}: RequestPolicy,
): string | undefined {
  // Proxies append their values: the first one is of the browser's request.
  return trustProxy ? headers.get(`x-forwarded-${name}`)?.split(',')[0]!.trim() : undefined;
}
