import {
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from '../../../src/session/machine.js';
import {seeded} from './random.js';

/** Which state may follow which; the same state may always follow. */
export const LEGAL: Record<SessionState, readonly SessionState[]> = {
  idle: ['minting', 'failed', 'closed'],
  minting: ['loading', 'ready', 'failed', 'closed'],
  loading: ['ready', 'minting', 'failed', 'closed'],
  ready: ['refreshing', 'closed'],
  refreshing: ['ready', 'reconnecting', 'expired', 'closed'],
  reconnecting: ['ready', 'expired', 'closed'],
  expired: ['ready', 'closed'],
  failed: ['loading', 'ready', 'closed'],
  closed: [],
};

const flags = [true, false] as const;
const EVENTS: readonly SessionEvent[] = [
  {type: 'token'},
  {type: 'frame-token-refresh'},
  {type: 'frame-token-expired'},
  {type: 'refresh'},
  {type: 'retry'},
  {type: 'overdue'},
  {type: 'dispose'},
  ...flags.flatMap((flag): SessionEvent[] => [
    {type: 'start', framed: flag},
    {type: 'frame-timeout', canMint: flag},
    {type: 'wake', due: flag},
    ...flags.flatMap((other): SessionEvent[] => [
      {type: 'failure', retryable: flag, pastExpiry: other},
      {type: 'frame-ready', live: flag, due: other},
    ]),
  ]),
];

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
  const kinds = new Set(EVENTS.map(({type}) => type));
  const seen = new Set<string>();
  const wrong: string[] = [];
  let events = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    let at: Snapshot = initial;
    const length = 1 + Math.floor(random() * 32);
    for (let step = 0; step < length; step += 1) {
      let event = EVENTS[Math.floor(random() * EVENTS.length)]!;
      if (event.type === 'dispose' && random() < 0.7) event = {type: 'token'};
      const problem = check(at, event);
      if (problem && wrong.length < 10)
        wrong.push(`sequence ${sequence}, seed ${seed}: ${problem}`);
      seen.add(`${at.state} ${event.type}`);
      [at] = transition(at, event);
      events += 1;
    }
  }
  const allCells = Object.keys(LEGAL).length * kinds.size;
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
      const told = effects.some(effect => effect.type === 'report' && effect.what === 'failed');
      if (!told) return `does not report ${change}`;
    }
    return null;
  } catch (error) {
    return `${String(error)} in ${before.state} at ${event.type}`;
  }
}
