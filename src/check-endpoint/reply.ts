import type {Answer, Reply} from './exchange.js';

export type Fields = Record<string, unknown>;

/** Returns the media type in lower case, without parameters. Empty if the header is missing or invalid. */
export function mediaType({headers}: Answer): string {
  const header = (headers['content-type'] ?? '').toLowerCase();
  return /^\s*([\w.+-]{1,40}\/[\w.+-]{1,60})\s*(;|$)/.exec(header)?.[1] ?? '';
}

export function isJson(answer: Answer): boolean {
  return /^application\/(json|[\w.+-]+\+json)$/.test(mediaType(answer));
}

/** Returns the own fields of a JSON object. Empty for any other body. */
export function fieldsOf(reply: Reply): Fields {
  return reply.kind === 'answer' ? parseObject(reply.body) : {};
}

export function parseObject(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

export function isSuccess(reply: Reply): boolean {
  return reply.kind === 'answer' && reply.status >= 200 && reply.status < 300;
}

export function isRefusal(reply: Reply): boolean {
  return reply.kind === 'answer' && reply.status >= 400 && reply.status < 500;
}

/** Whether the response contains a credential, whatever its status and type. */
export function holdsSession(reply: Reply): boolean {
  const {access_token, launch_url} = fieldsOf(reply);
  return typeof access_token === 'string' || typeof launch_url === 'string';
}

/** Returns the `code` of a problem document, if it has the form of a code. Any other text could contain a secret. */
export function codeOf(reply: Reply): string | undefined {
  const {code} = fieldsOf(reply);
  const isCode =
    typeof code === 'string' && code.length < 48 && /^[a-z]+(_[a-z]+){0,6}$/.test(code);
  return isCode ? code : undefined;
}

/** Describes a response, without any part of its body or of a header that can contain a secret. */
export function describe(reply: Reply): string {
  if (reply.kind === 'none') return describeNone(reply.reason, reply.durationMs, reply.code);
  const {status, body} = reply;
  const type = mediaType(reply) || (body === '' ? 'no body' : 'no content type');
  if (status >= 300 && status < 400) return `${status}, a redirect`;
  const code = codeOf(reply);
  if (code !== undefined) return `${status}, ${type}, code ${code}`;
  const extra = holdsSession(reply) ? ', with a session' : '';
  return `${status}, ${type}${extra}`;
}

function describeNone(reason: string, durationMs: number, code: string): string {
  if (reason === 'timeout') return `no response within ${seconds(durationMs)}`;
  if (reason === 'closed') return 'the connection was closed without a response';
  return `no connection (${/^[A-Z_]{1,40}$/.test(code) ? code : 'unknown error'})`;
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
