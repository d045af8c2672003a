/** check-endpoint with a sample application of docs/backends, and with everything that the probes need. */
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import type {SampleApp} from '../../server/support/sample-apps.js';
import {credentials} from '../../server/support/site.js';

const DAY_S = 24 * 60 * 60;

/** The samples derive the key of their handles like this. */
const handleKey = sign(credentials.secretKey, 'meshes session handle');

/** The command line for two signed-in users, with old and changed handles. */
export async function optionsOf({checkOptions = [], prepare}: SampleApp, origin: string) {
  const url = `${origin}/api/meshes/session`;
  const {headers} = prepare?.({headers: {cookie: 'user=ada'}}) ?? {headers: {cookie: 'user=ada'}};
  const response = await fetch(url, {
    method: 'POST',
    headers: {origin, 'content-type': 'application/json', ...(headers as Record<string, string>)},
    body: '{}',
  });
  const body = await response.text();
  assert.equal(response.status, 200, body);
  const handle = (JSON.parse(body) as {session_id: string}).session_id;
  // A handle that is not signed cannot be old.
  const isSigned = handle.includes('.');
  const old = isSigned && resign(handle, /^issued$/i, time => Number(time) - DAY_S);
  const changed = isSigned && resign(handle, /^grant$/i, () => 'the digest of other rights');
  return [
    ...[url, '--cookie', 'user=ada', '--other-cookie', 'user=eve'],
    ...['--sign-out', '/api/meshes/sign-out', ...checkOptions],
    ...(old ? ['--old-session-id', old] : []),
    ...(changed ? ['--changed-session-id', changed] : []),
  ];
}

/** The handle with another value of one field, and a valid signature. */
function resign(handle: string, name: RegExp, change: (value: unknown) => unknown): string {
  const parts = handle.split('.').slice(0, -1);
  const fields = JSON.parse(Buffer.from(parts.pop() ?? '', 'base64url').toString()) as object;
  const found = Object.entries(fields).filter(([field]) => name.test(field));
  assert.equal(found.length, 1, String(name));
  const changed = {...fields, ...Object.fromEntries(found.map(([key, old]) => [key, change(old)]))};
  const text = [...parts, Buffer.from(JSON.stringify(changed)).toString('base64url')].join('.');
  return `${text}.${sign(handleKey, text).toString('base64url')}`;
}

function sign(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
