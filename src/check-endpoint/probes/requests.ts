import type {RequestChange} from '../endpoint.js';
import {failed, outcomeOfRefusal, type Outcome, passed, worst} from '../outcome.js';
import type {Context} from '../probe.js';
import {describe, holdsSession, isSuccess} from '../reply.js';

/** Requests that differ from an accepted one in `change` only, all of which must be refused. */
export async function checkRefused(
  {endpoint, sessions}: Context,
  requests: readonly (RequestChange & {name: string; body?: unknown})[],
): Promise<Outcome> {
  await sessions.of();
  const outcomes = [];
  for (const {name, body = {}, ...change} of requests) {
    outcomes.push({name, ...outcomeOfRefusal(await endpoint.post(body, change))});
  }
  return worst(outcomes);
}

/** A request that differs from an accepted one in `change` only, and must be accepted. */
export async function checkAccepted(
  {endpoint, sessions}: Context,
  change: RequestChange,
): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post({}, change);
  return isSuccess(reply) && holdsSession(reply)
    ? passed(describe(reply))
    : failed(describe(reply));
}
