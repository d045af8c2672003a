import {Endpoint} from './endpoint.js';
import {NotCheckable, type Outcome, unknown} from './outcome.js';
import type {Context, Finding, Probe} from './probe.js';
import {isSuccess} from './reply.js';
import {sectionUrl} from './sections.js';
import {Sessions} from './sessions.js';
import type {Settings} from './settings.js';

export interface Result {
  findings: Finding[];
  created: number;
  ended: number;
}

/** Thrown if no server responds at the URL. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** @throws Unreachable */
export async function runProbes(
  settings: Settings,
  probes: readonly Probe[],
  now: () => number = Date.now,
): Promise<Result> {
  const endpoint = new Endpoint(settings);
  const context: Context = {endpoint, sessions: new Sessions(endpoint), now};
  const first = await context.sessions.created().catch(ignoreNotCheckable);
  if (first?.kind === 'none' && first.reason === 'unreachable') throw new Unreachable(first.code);

  // A slow probe takes as long as all others together, so it runs at the same time.
  const early = new Map(
    probes.filter(({isSlow}) => isSlow).map(probe => [probe, outcomeOf(probe, context)]),
  );
  const findings: Finding[] = [];
  for (const probe of probes) {
    const {id, title, expected, why, section} = probe;
    const {status, seen} = await (early.get(probe) ?? outcomeOf(probe, context));
    findings.push({
      id,
      title,
      status,
      // No probe should report a secret: this is a safeguard.
      seen: endpoint.withoutSecrets(seen),
      expected,
      why,
      section: sectionUrl(section),
    });
  }
  const ended = await endSessions(endpoint);
  return {findings, created: endpoint.sessions.length, ended};
}

async function outcomeOf(probe: Probe, context: Context): Promise<Outcome> {
  try {
    return await probe.run(context);
  } catch (error) {
    if (error instanceof NotCheckable) return unknown(error.message);
    throw error;
  }
}

function ignoreNotCheckable(error: unknown): undefined {
  if (!(error instanceof NotCheckable)) throw error;
}

/** Ends the sessions that the probes have created, with the sign-out route of the application. */
async function endSessions(endpoint: Endpoint): Promise<number> {
  const {signOut} = endpoint.settings;
  if (!signOut) return 0;
  let ended = 0;
  for (const {id, user} of endpoint.sessions) {
    const reply = await endpoint.postOnce({session_id: id}, {user, url: signOut});
    const isOver = reply.kind === 'answer' && [404, 410].includes(reply.status);
    if (isSuccess(reply) || isOver) ended++;
  }
  return ended;
}
