import {
  initial,
  type SessionEvent,
  type Snapshot,
  transition,
} from '../../../src/session/machine.js';
import {LEGAL, SAMPLES, STATES} from '../../../test/support/session-events.js';
import {seeded} from './random.js';

export interface MachineRun {
  sequences: number;
  /** Events applied. */
  events: number;
  /** Different cells, state × kind of event, that were entered. */
  cells: number;
  allCells: number;
  /** What went wrong, in words; the first ten. */
  wrong: string[];
}

/** The kinds of events, each with its variants: a kind with one variant is as frequent as the others. */
const KINDS: readonly (readonly SessionEvent[])[] = Object.values(SAMPLES);
/** The events that lead from state to state. Half of all events are of these kinds, so that every state is reached often. */
const STEPS = [
  SAMPLES.start,
  SAMPLES.token,
  SAMPLES['frame-ready'],
  SAMPLES['frame-token-refresh'],
  SAMPLES['attempt-failed'],
];

/** Random sequences of events against the machine. */
export function runSequences(sequences: number, seed: number): MachineRun {
  const random = seeded(seed);
  const oneOf = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)]!;
  const seen = new Set<string>();
  const wrong: string[] = [];
  let events = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    let at: Snapshot = initial;
    const length = 1 + Math.floor(random() * 32);
    for (let step = 0; step < length; step += 1) {
      const event = oneOf(oneOf(random() < 0.5 ? STEPS : KINDS));
      const problem = check(at, event);
      if (problem && wrong.length < 10)
        wrong.push(`sequence ${sequence}, seed ${seed}: ${problem}`);
      seen.add(`${at.state} ${event.type}`);
      [at] = transition(at, event);
      events += 1;
    }
  }
  const allCells = STATES.length * KINDS.length;
  return {sequences, events, cells: seen.size, allCells, wrong};
}

function check(before: Snapshot, event: SessionEvent): string | null {
  try {
    const [after, effects] = transition(before, event);
    const change = `${before.state} → ${after.state} at ${event.type}`;
    if (after.state !== before.state && !LEGAL[before.state].includes(after.state)) return change;
    const entered = after.state !== before.state && after.state;
    if (entered === 'closed' && event.type !== 'dispose') return change;
    if (entered === 'ready' && !['token', 'frame-ready'].includes(event.type)) return change;
    // A token is posted where a frame is in use, or by what brings it into use.
    const posts = effects.some(({type}) => type === 'post');
    if (posts && !['ready', 'refreshing', 'reconnecting'].includes(after.state)) {
      return `posts at ${change}`;
    }
    if (before.state === 'closed' && effects.length > 0) return `acts at ${change}`;
    if (after.state === 'failed' && before.state !== 'failed') {
      const told = effects.some(({type}) => type === 'error');
      if (!told) return `does not report ${change}`;
    }
    return null;
  } catch (error) {
    return `${String(error)} in ${before.state} at ${event.type}`;
  }
}
