/** The state table of ARCHITECTURE.md against the machine: every cell names the states that it can lead to. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from '../../src/session/machine.js';
import {code, page, table} from './support/markdown.js';

const bothWays = [false, true];
const events: SessionEvent[][] = [
  [{type: 'token'}],
  bothWays.map(pastExpiry => ({type: 'failure', retryable: true, pastExpiry})),
  bothWays.map(pastExpiry => ({type: 'failure', retryable: false, pastExpiry})),
  bothWays.flatMap(live => bothWays.map(due => ({type: 'frame-ready', live, due}) as const)),
  [{type: 'frame-token-refresh'}, {type: 'frame-token-expired'}],
  bothWays.map(canMint => ({type: 'frame-timeout', canMint})),
  bothWays.map(due => ({type: 'wake', due})),
  [{type: 'refresh'}],
  [
    ...bothWays.map(framed => ({type: 'start', framed}) as const),
    {type: 'retry'},
    {type: 'overdue'},
  ],
];

const flags = ['framed', 'asked', 'relaunch', 'retryable', 'lateReady'] as const;

function* snapshots(state: SessionState): Generator<Snapshot> {
  for (let bits = 0; bits < 2 ** flags.length; bits++) {
    const set = flags.map((flag, index) => [flag, (bits & (2 ** index)) !== 0]);
    yield {...initial, ...Object.fromEntries(set), state};
  }
}

/** The other states that these events can lead to, and whether they can do anything at all. */
function outcome(state: SessionState, column: SessionEvent[]) {
  const targets = new Set<string>();
  let quiet = true;
  for (const at of snapshots(state)) {
    for (const event of column) {
      const [next, effects] = transition(at, event);
      if (next.state !== state) targets.add(next.state);
      if (next !== at || effects.length > 0) quiet = false;
    }
  }
  return {targets: [...targets].sort(), quiet};
}

test('the state table says what the machine does', () => {
  const rows = table(page('ARCHITECTURE.md'), 'The state table');
  assert.equal(rows.length, 9);
  for (const [first, ...cells] of rows) {
    const state = code(first) as SessionState;
    assert.equal(cells.length, events.length);
    for (const [index, cell] of cells.entries()) {
      const {targets, quiet} = outcome(state, events[index]!);
      const said = [...cell.matchAll(/→ `(\w+)`/g)].map(([, target]) => target);
      const place = `${state}, column ${index + 1}: ${cell}`;
      assert.deepEqual(said.sort(), targets, place);
      assert.equal(cell === '–', quiet, place);
    }
  }
});
