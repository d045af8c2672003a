import {parseHttpDate, parseRetryAfter} from '../http/retry-policy.js';
import {withDeadline} from './deadline.js';
import {toServerError} from './error-summary.js';
import {ownFields} from './own-fields.js';
import {parseJson} from './parse.js';
import {discard, readText} from './read-text.js';
import {MeshesServerError, type MeshesServerErrorCode} from './server-error.js';

export interface MeshesConnection {
  /** Returns a machine JWT for an immediate call. */
  machineToken: () => Promise<string>;
  baseUrl: string;
  fetch: typeof fetch;
  /** Timeout of a call including the body of its response, in milliseconds. */
  timeout: number;
  now: () => number;
}

export interface MeshesCall {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: Record<string, unknown> | undefined;
  /** The error for a session or workspace that does not exist, and the statuses that mean this. */
  gone: {code: MeshesServerErrorCode; statuses: readonly number[]; detail?: string};
  maxBytes: number;
}

export interface MeshesAnswer {
  status: number;
  /** Parsed JSON, or undefined if the body was not JSON. */
  body: unknown;
  /** When the response was sent, by the clock of Meshes, in ms since the epoch; ours if the response has no date. */
  sentAt: number;
}

/** Sends a request to the management API. Every failure is a `MeshesServerError` without text of Meshes. */
export async function callMeshes(
  {machineToken, baseUrl, fetch, timeout, now}: MeshesConnection,
  call: MeshesCall,
): Promise<MeshesAnswer> {
  const {method, path, body, gone, maxBytes} = ownFields(call);
  const headers: Record<string, string> = {
    Authorization: `Bearer ${await machineToken()}`,
    Accept: 'application/json',
  };
  if (body) headers['Content-Type'] = 'application/json';
  const init = ownFields<RequestInit>({
    method,
    headers,
    ...(body && {body: JSON.stringify(body)}),
    // guard(server-redirects): a redirect would send the machine token to another host
    redirect: 'manual',
  });

  const expired = () => new MeshesServerError('meshes_timeout');
  // Includes the body: a response can stall after its headers.
  return withDeadline(timeout, expired, async signal => {
    init.signal = signal;
    try {
      const response = await fetch(baseUrl + path, init);
      const date = parseHttpDate(response.headers.get('date') ?? '');
      const sentAt = Number.isNaN(date) ? now() : date;
      if (!response.ok) {
        discard(response);
        throw failureOf(response, gone, sentAt);
      }
      const text = await readText(response, maxBytes, signal);
      if (text === undefined) {
        throw new MeshesServerError('meshes_bad_response', {
          detail: `The response is larger than ${maxBytes / 1024} KiB.`,
        });
      }
      return {status: response.status, body: parseJson(text), sentAt};
    } catch (error) {
      throw toServerError('meshes_unreachable', error);
    }
  });
}

function failureOf(
  {status, headers}: Response,
  gone: MeshesCall['gone'],
  sentAt: number,
): MeshesServerError {
  const isGone = gone.statuses.includes(status);
  const code = isGone ? gone.code : codeOf(status);
  return new MeshesServerError(code, {
    meshesStatus: status,
    ...(isGone && gone.detail !== undefined && {detail: gone.detail}),
    ...(code === 'meshes_rate_limited' && {retryAfter: retryAfterSeconds(headers, sentAt)}),
  });
}

function codeOf(status: number): MeshesServerErrorCode {
  switch (status) {
    case 401:
    case 403:
      return 'meshes_credentials_rejected';
    case 400:
    case 404:
    case 409:
    case 410:
    case 422:
      return 'meshes_rejected_request';
    case 429:
      return 'meshes_rate_limited';
    case 408:
    case 425:
      return 'meshes_unavailable';
    default:
      return status >= 500 ? 'meshes_unavailable' : 'meshes_bad_response';
  }
}

const DEFAULT_RETRY_AFTER_MS = 5000;

function retryAfterSeconds(headers: Headers, sentAt: number): number {
  const ms = parseRetryAfter(headers.get('retry-after'), sentAt) ?? DEFAULT_RETRY_AFTER_MS;
  return Math.ceil(ms / 1000);
}
