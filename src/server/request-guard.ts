import * as z from 'zod/mini';
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
  const proto = policy.trustProxy ? firstOf(request.headers.get('x-forwarded-proto')) : undefined;
  if (proto === 'http' || proto === 'https') url.protocol = proto;
  const host = requestHost(request, policy, url.origin);
  return host === undefined ? url.origin : `${url.protocol}//${host}`;
}

/** The host that was asked for, without the default port of `origin`'s protocol. */
function requestHost(
  request: Request,
  {trustProxy}: RequestPolicy,
  origin: string,
): string | undefined {
  const host =
    (trustProxy ? firstOf(request.headers.get('x-forwarded-host')) : undefined) ??
    request.headers.get('host') ??
    new URL(request.url).host;
  try {
    return new URL(`${new URL(origin).protocol}//${host}`).host;
  } catch {
    return undefined;
  }
}

// Proxies append: the first entry is what the browser asked for.
function firstOf(header: string | null): string | undefined {
  return header?.split(',')[0]?.trim() || undefined;
}

const bodySchema = z.object({
  session_id: z.optional(z.string().check(z.minLength(1))),
  launch_page: z.optional(z.enum(LAUNCH_PAGES)),
});

export async function readSessionRequest(request: Request): Promise<SessionRequest> {
  const text = await readText(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The cause is left out: it quotes the body.
    throw new MeshesServerError('body_malformed');
  }
  const result = z.safeParse(bodySchema, value);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path[0];
  if (field === 'session_id') throw new MeshesServerError('session_id_invalid');
  if (field === 'launch_page') throw new MeshesServerError('launch_page_invalid');
  throw new MeshesServerError('body_malformed');
}

// Content-Length may be missing or wrong, so the bytes are counted as they come.
async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) {
    throw new MeshesServerError('body_too_large');
  }
  const reader = request.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    let chunk;
    try {
      chunk = await reader.read();
    } catch (cause) {
      throw new MeshesServerError('body_malformed', {cause});
    }
    if (chunk.done) return text + decoder.decode();
    size += chunk.value.byteLength;
    if (size > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new MeshesServerError('body_too_large');
    }
    text += decoder.decode(chunk.value, {stream: true});
  }
}
