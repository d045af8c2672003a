import assert from 'node:assert/strict';
import {MeshesApiError, MeshesEventsClient} from '../../../src/events/index.js';

export const key = 'mesh_pub_abc.def_ghi-jkl_suffix123';

export interface Call {
  url: string;
  init: RequestInit & {headers: Record<string, string>};
}

/** A client whose requests are answered in turn. The last answer is repeated. An `Error` is a network failure. */
export function clientOf(
  answers: (Response | Error | (() => Response | Promise<Response>))[],
  options: object = {},
  auth: unknown = key,
) {
  const calls: Call[] = [];
  const client = new MeshesEventsClient(auth as string, {
    ...options,
    fetch: ((url: string, init: Call['init']) => {
      const next = answers[Math.min(calls.length, answers.length - 1)];
      calls.push({url, init});
      if (next instanceof Error) return Promise.reject(next);
      return Promise.resolve(typeof next === 'function' ? next() : next?.clone());
    }) as never,
  });
  return {client, calls};
}

export const json = (status: number, body: unknown, headers?: Record<string, string>) =>
  new Response(JSON.stringify(body), {
    status,
    headers: {'Content-Type': 'application/json', ...headers},
  });

export async function failure(promise: Promise<unknown>): Promise<MeshesApiError> {
  const error = await promise.then(
    () => assert.fail('The call did not fail.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MeshesApiError, String(error));
  return error;
}

/** All that a program could log of an error: also what is not enumerable, and the causes. */
export function everythingOf(error: unknown): string {
  const seen = new Set<unknown>();
  const parts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') parts.push(value);
    if (!value || typeof value !== 'object' || seen.has(value)) return;
    seen.add(value);
    for (const name of Reflect.ownKeys(value)) {
      parts.push(String(name));
      visit(Reflect.get(value, name));
    }
  };
  visit(error);
  if (error instanceof MeshesApiError) visit(error.toJSON(true));
  return parts.join('\n');
}
