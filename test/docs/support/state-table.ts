/** The state table of ARCHITECTURE.md, made from the machine. `npm run reference` writes it. */
import {
  type Effect,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from '../../../src/session/machine.js';
import {SAMPLES, snapshotsOf, STATES} from '../../support/session-events.js';

interface Case {
  at: Snapshot;
  event: SessionEvent;
  outcome: string;
}

/** What the outcome of an event can depend on, in words: if it is true, and if not. */
const CONDITIONS: readonly (readonly [
  holds: (one: Case) => boolean | undefined,
  yes: string,
  no: string,
])[] = [
  [({event}) => ('hasFrame' in event ? event.hasFrame : undefined), 'with `launch-url`', 'without'],
  [({event}) => ('due' in event ? event.due : undefined), 'token due', 'not due'],
  [({event}) => ('live' in event ? event.live : undefined), 'token live', 'not live'],
  [({event}) => ('pastExpiry' in event ? event.pastExpiry : undefined), 'past expiry', 'not past'],
  [({event}) => ('exhausted' in event ? event.exhausted : undefined), 'exhausted', 'not exhausted'],
  [({event}) => ('offline' in event ? event.offline : undefined), 'offline', 'online'],
  [({at}) => at.hasFrame, '`hasFrame`', 'not `hasFrame`'],
  [({at}) => at.frameReady, '`frameReady`', 'not `frameReady`'],
  [({at}) => at.isReplacing, '`isReplacing`', 'not `isReplacing`'],
  [({at}) => at.signedOut, '`signedOut`', 'not `signedOut`'],
  [({at}) => at.awaitsReady, '`awaitsReady`', 'not `awaitsReady`'],
  [({at}) => at.mayRelaunch, '`mayRelaunch`', 'not `mayRelaunch`'],
  [({event}) => ('canMint' in event ? event.canMint : undefined), 'can mint', 'cannot mint'],
  [({at}) => at.error?.retryable, 'error retryable', 'error final'],
];

function describe(effect: Effect): string {
  switch (effect.type) {
    case 'mint':
    case 'refresh':
      return `${effect.type} (${effect.attempts})`;
    case 'state-change':
      return `**→ \`${effect.state}\`**`;
    case 'warning':
      return ['offline', 'frame_signed_out'].includes(effect.code)
        ? `warning \`${effect.code}\``
        : 'warning';
    default:
      return effect.type;
  }
}

/** The effects in order, and what is remembered without one. */
function outcomeOf(at: Snapshot, event: SessionEvent): string {
  const [next, effects] = transition(at, event);
  if (effects.length > 0) return effects.map(describe).join(', ');
  return next === at ? '–' : 'remember';
}

/** One row for each outcome: the conditions that lead to it, and it. */
function* split(cases: readonly Case[], from = 0): Generator<[conditions: string[], string]> {
  const [{outcome}] = cases as [Case];
  if (cases.every(one => one.outcome === outcome)) {
    yield [[], outcome];
    return;
  }
  for (const [index, [holds, yes, no]] of CONDITIONS.entries()) {
    if (index < from) continue;
    const [whenTrue, whenFalse] = [true, false].map(value =>
      cases.filter(one => holds(one) === value),
    ) as [Case[], Case[]];
    const key = (group: Case[]) => [...new Set(group.map(one => one.outcome))].sort().join();
    if (whenTrue.length + whenFalse.length < cases.length) continue;
    if (key(whenTrue) === key(whenFalse)) continue;
    for (const [group, name] of [
      [whenTrue, yes],
      [whenFalse, no],
    ] as const) {
      for (const [conditions, result] of split(group, index + 1)) {
        yield [[name, ...conditions], result];
      }
    }
    return;
  }
  throw new Error(`No condition tells these apart: ${cases.map(one => one.outcome).join()}`);
}

function* rowsOf(state: SessionState): Generator<string> {
  for (const [type, samples] of Object.entries(SAMPLES)) {
    const cases = [...snapshotsOf(state)].flatMap(at =>
      samples.map(event => ({at, event, outcome: outcomeOf(at, event)})),
    );
    for (const [conditions, outcome] of split(cases)) {
      if (outcome !== '–') yield `${type} | ${conditions.join(', ')} | ${outcome} |`;
    }
  }
}

/** Rows of so many states are shown once. */
const COMMON = 7;

/** Every event that does something in a state, and its effects in the order in which they happen. */
export function stateTable(): string {
  const states = new Map<string, SessionState[]>();
  for (const state of STATES) {
    for (const row of rowsOf(state)) states.set(row, [...(states.get(row) ?? []), state]);
  }
  const code = (name: string) => `\`${name}\``;
  const rows = [...states].flatMap(([row, names]) => {
    if (names.length < COMMON)
      return names.map(name => ({order: STATES.indexOf(name), name: code(name), row}));
    const others = STATES.filter(state => !names.includes(state));
    return [{order: STATES.length, name: `all but ${others.map(code).join(', ')}`, row}];
  });
  rows.sort((one, other) => one.order - other.order);
  return [
    '| state | event | if | effects, in order |',
    '| --- | --- | --- | --- |',
    ...rows.map(({name, row}) => `| ${name} | ${row}`),
  ].join('\n');
}
