import {
  initial,
  type SessionEvent,
  type Snapshot,
  transition,
} from '../../../src/session/machine.js';
import {ALL_EVENTS, LEGAL, SAMPLES, STATES} from '../../../test/support/session-events.js';
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

/** Random sequences of events against the machine; ends are rare, so that they get somewhere. */
export function runSequences(sequences: number, seed: number): MachineRun {
  const random = seeded(seed);
  const seen = new Set<string>();
  const wrong: string[] = [];
  let events = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    let at: Snapshot = initial;
    const length = 1 + Math.floor(random() * 32);
    for (let step = 0; step < length; step += 1) {
      let event = ALL_EVENTS[Math.floor(random() * ALL_EVENTS.length)]!;
      if (event.type === 'dispose' && random() < 0.7) event = {type: 'token'};
      const problem = check(at, event);
      if (problem && wrong.length < 10)
        wrong.push(`sequence ${sequence}, seed ${seed}: ${problem}`);
      seen.add(`${at.state} ${event.type}`);
      [at] = transition(at, event);
      events += 1;
    }
  }
  const allCells = STATES.length * Object.keys(SAMPLES).length;
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
