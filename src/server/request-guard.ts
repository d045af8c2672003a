import * as z from 'zod/mini';
import {parseJson, parseUrl} from './parse.js';
import {MeshesServerError} from './server-error.js';
import {isOrigin, LAUNCH_PAGES, type LaunchPage} from './session-options.js';

export interface RequestPolicy {
  allowedOrigins: readonly string[];
  /** Whether X-Forwarded-Host and X-Forwarded-Proto may be believed. */
  trustProxy: boolean;
}

/** The one rule: with `session_id` a token of that session is asked for, without it a fresh session. */
export interface SessionRequest {
  session_id?: string | undefined;
  launch_page?: LaunchPage | undefined;
}

const MAX_BODY_BYTES = 16 * 1024;

/** Refuses everything but a JSON POST from a page of this site or of an allowed origin. */
export function checkRequest(request: Request, policy: RequestPolicy): void {
  if (request.method !== 'POST') throw new MeshesServerError('method_not_allowed');
  if (!isFromOwnPage(request, policy)) throw new MeshesServerError('csrf_rejected');
  // A form cannot send this type, and a script of another origin only after a preflight.
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new MeshesServerError('content_type_unsupported');
}

function isFromOwnPage(request: Request, policy: RequestPolicy): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site === 'same-origin') return true;
  const origin = request.headers.get('origin');
  // No page: nothing of what a browser sends along with a POST is there.
  if (origin === null || !isOrigin(origin)) return false;
  if (policy.allowedOrigins.includes(origin)) return true;
  // Where the browser says that the page is another site, an equal host is the insecure twin of this one.
  return site === null && new URL(origin).host === requestHost(request, policy, origin);
}

/** Origin of the page that asks: what it says of itself, else the origin of the address it asked for. */
export function pageOrigin(request: Request, policy: RequestPolicy): string {
  const origin = request.headers.get('origin');
  if (origin !== null && isOrigin(origin)) return origin;
  const url = new URL(request.url);
  const proto = forwarded('proto', request, policy);
  if (proto === 'http' || proto === 'https') url.protocol = proto;
  const host = requestHost(request, policy, url.origin);
  return host === undefined ? url.origin : `${url.protocol}//${host}`;
}

/** The host that was asked for, without the default port of `origin`'s protocol. */
function requestHost(request: Request, policy: RequestPolicy, origin: string): string | undefined {
  const host =
    forwarded('host', request, policy) || request.headers.get('host') || new URL(request.url).host;
  return parseUrl(`${new URL(origin).protocol}//${host}`)?.host;
}

/** What a proxy that may be believed says that the browser asked for. */
function forwarded(
  name: 'host' | 'proto',
  {headers}: Request,
  {trustProxy}: RequestPolicy,
): string | undefined {
  // Proxies append: the first entry is the browser's.
  return trustProxy ? headers.get(`x-forwarded-${name}`)?.split(',')[0]?.trim() : undefined;
}

const bodySchema = z.object({
  session_id: z.optional(z.string().check(z.minLength(1))),
  launch_page: z.optional(z.enum(LAUNCH_PAGES)),
});

export async function readSessionRequest(request: Request): Promise<SessionRequest> {
  const result = z.safeParse(bodySchema, parseJson(await readText(request)));
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path[0];
  if (field === 'session_id') throw new MeshesServerError('session_id_invalid');
  if (field === 'launch_page') throw new MeshesServerError('launch_page_invalid');
  throw new MeshesServerError('body_malformed');
}

async function readText(request: Request): Promise<string> {
  // Before the body is even looked at: some servers close the connection over one that was begun and given up.
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) {
    throw new MeshesServerError('body_too_large');
  }
  // The header may be missing or wrong, so the bytes are counted as they come.
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  try {
    // Leaving the loop cancels the rest.
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) throw new MeshesServerError('body_too_large');
      text += decoder.decode(chunk, {stream: true});
    }
  } catch (cause) {
    if (cause instanceof MeshesServerError) throw cause;
    throw new MeshesServerError('body_malformed', {cause});
  }
  return text + decoder.decode();
}
