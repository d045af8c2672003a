import type {Reply} from './exchange.js';
import {describe, holdsSession, isRefusal} from './reply.js';

export type Status = 'passed' | 'failed' | 'warning' | 'unknown';

export interface Outcome {
  status: Status;
  /** The observed result. For `unknown`: why it could not be checked, and which option enables the check. */
  seen: string;
}

/** Thrown if a requirement of a probe is missing. The result of the probe is `unknown`. */
export class NotCheckable extends Error {
  override readonly name = 'NotCheckable';
}

const outcome =
  (status: Status) =>
  (seen: string): Outcome => ({status, seen});

export const passed = outcome('passed');
export const failed = outcome('failed');
export const warning = outcome('warning');
export const unknown = outcome('unknown');

/**
 * Evaluates the response to a request that the endpoint must refuse. Any status from 400 to 499 is a refusal, because a framework may
 * answer before the endpoint.
 *
 * @param only statuses that the element expects. Any other refusal is a warning
 */
export function outcomeOfRefusal(reply: Reply, only?: readonly number[]): Outcome {
  if (reply.kind === 'none' || !isRefusal(reply) || holdsSession(reply))
    return failed(describe(reply));
  const isExpected = only?.includes(reply.status) ?? true;
  return (isExpected ? passed : warning)(describe(reply));
}

/** Returns the worst outcome of several requests, with the name of its request. */
export function worst(outcomes: readonly (Outcome & {name: string})[]): Outcome {
  for (const status of ['failed', 'warning', 'unknown'] as const) {
    const found = outcomes.find(candidate => candidate.status === status);
    if (found) return {status, seen: `${found.name}: ${found.seen}`};
  }
  const seen = [...new Set(outcomes.map(candidate => candidate.seen))];
  return passed(seen.join('; '));
}
