import {readFileSync} from 'node:fs';
import {SignJWT, type JWTPayload} from 'jose';
import {
  createEmulator,
  demoCredentials,
  type Emulator,
  secondWorkspace,
} from '../../src/emulator/index.js';

export {demoCredentials, secondWorkspace};

const {accessKey, organizationId, secretKey, workspaceId, publishableKey} = demoCredentials;

export interface JwtOverrides {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly secretKey?: string;
  /** The time of the emulator's base clock, in milliseconds. Default: the real time. */
  readonly now?: number;
}

/** A machine JWT as the contract describes it, but for what is overridden. */
export const machineJwt = ({
  header,
  claims,
  secretKey: key,
  now: nowMs = Date.now(),
}: JwtOverrides = {}): Promise<string> => {
  const now = Math.floor(nowMs / 1000);
  const payload: JWTPayload = {
    org: organizationId,
    iss: `urn:meshes:m2m:${accessKey}`,
    aud: 'meshes-api',
    iat: now,
    exp: now + 30,
    ...claims,
  };
  return new SignJWT(withoutNulls(payload))
    .setProtectedHeader(withoutNulls({alg: 'HS256', typ: 'JWT', kid: accessKey, ...header}))
    .sign(new TextEncoder().encode(key ?? secretKey));
};

/** An override of null takes the member away. */
const withoutNulls = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as T;

/** A golden file of `test/wire`. */
export const readWire = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../wire/${name}`, import.meta.url), 'utf8'));

/** The JSON of an answer: the tests look into it field by field, so its type is left open. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer, or undefined where it is none. */
  readonly body: Json;
  readonly text: string;
}

export interface TestEmulator extends Omit<Emulator, 'control'> {
  readonly apiOrigin: string;
  readonly embedOrigin: string;
  /** The control in this process; `control()` goes over HTTP. */
  readonly local: Emulator['control'];
  /** A request to the API server, with a machine JWT unless the headers name a credential. */
  call(
    method: string,
    path: string,
    options?: {body?: unknown; headers?: Readonly<Record<string, string>>},
  ): Promise<Answer>;
  mint(body?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A request to the embed app's data API with an access token. */
  data(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
  /** An event, by the demo workspace's publishable key. */
  send(body: unknown, path?: string, key?: string): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
}

export const startTestEmulator = async (
  options: Parameters<typeof createEmulator>[0] = {},
): Promise<TestEmulator> => {
  const emulator = await createEmulator({port: 0, ...options});
  const {clock = Date.now} = options;
  const apiOrigin = new URL(emulator.apiUrl).origin;
  const embedOrigin = emulator.embedUrl;
  const call: TestEmulator['call'] = async (method, path, {body, headers = {}} = {}) => {
    const names = Object.keys(headers).map(name => name.toLowerCase());
    const hasCredential =
      names.includes('authorization') || names.includes('x-meshes-publishable-key');
    return request(`${apiOrigin}${path}`, method, body, {
      ...(hasCredential ? {} : {Authorization: `Bearer ${await machineJwt({now: clock()})}`}),
      ...headers,
    });
  };
  return {
    ...emulator,
    apiOrigin,
    embedOrigin,
    local: emulator.control,
    call,
    mint: (body = {}) =>
      call('POST', '/api/v1/sessions', {body: {workspace_id: workspaceId, ...body}}),
    data: (token, method, path, body) =>
      request(`${embedOrigin}${path}`, method, body, {Authorization: `Bearer ${token}`}),
    send: (body, path = '/api/v1/events', key = publishableKey) =>
      call('POST', path, {body, headers: {'X-Meshes-Publishable-Key': key}}),
    control: (method, path, body) => request(`${apiOrigin}/__emulator${path}`, method, body, {}),
  };
};

export const request = async (
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    headers: {...(body === undefined ? {} : {'Content-Type': 'application/json'}), ...headers},
    ...(body === undefined ? {} : {body: typeof body === 'string' ? body : JSON.stringify(body)}),
  });
  const text = await response.text();
  return {status: response.status, headers: response.headers, body: parse(text), text};
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
