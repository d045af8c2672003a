import {MeshesError} from '../../src/errors.js';
import {
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
} from '../../src/session/machine.js';

/** A failure that can pass by itself. */
export const RETRYABLE = new MeshesError('endpoint_server', 'refresh', 'It failed.');
/** A failure that another attempt cannot fix. */
export const FINAL = new MeshesError('session_revoked', 'refresh', 'It ended.');
export const TIMEOUT = new MeshesError('handshake_timeout', 'frame', 'It did not answer.');

const FLAGS = [false, true];

/** Every variant of every event of the session machine. A new event without a sample does not compile. */
export const SAMPLES: {
  [Type in SessionEvent['type']]: readonly (SessionEvent & {type: Type})[];
} = {
  start: FLAGS.map(hasFrame => ({type: 'start', hasFrame})),
  token: [{type: 'token'}],
  'attempt-failed': FLAGS.flatMap(pastExpiry =>
    FLAGS.flatMap(exhausted =>
      FLAGS.map(
        offline =>
          ({type: 'attempt-failed', error: RETRYABLE, pastExpiry, exhausted, offline}) as const,
      ),
    ),
  ),
  'request-failed': [RETRYABLE, FINAL].map(error => ({type: 'request-failed', error})),
  failure: [{type: 'failure', error: FINAL}],
  'frame-ready': FLAGS.flatMap(live =>
    FLAGS.map(due => ({type: 'frame-ready', live, due}) as const),
  ),
  'frame-token-refresh': [{type: 'frame-token-refresh'}],
  'frame-token-expired': [{type: 'frame-token-expired'}],
  'frame-timeout': FLAGS.map(canMint => ({type: 'frame-timeout', error: TIMEOUT, canMint})),
  'frame-unresponsive': FLAGS.map(canMint => ({type: 'frame-unresponsive', canMint})),
  'frame-stopped': FLAGS.map(canMint => ({type: 'frame-stopped', error: TIMEOUT, canMint})),
  wake: FLAGS.map(due => ({type: 'wake', due})),
  online: FLAGS.map(due => ({type: 'online', due})),
  refresh: [{type: 'refresh'}],
  retry: [{type: 'retry'}],
  overdue: [{type: 'overdue'}],
  dispose: [{type: 'dispose'}],
};

export const ALL_EVENTS: readonly SessionEvent[] = Object.values(SAMPLES).flat();

/** Which state may follow which; the same state may always follow. */
export const LEGAL: Record<SessionState, readonly SessionState[]> = {
  idle: ['minting', 'failed', 'closed'],
  minting: ['loading', 'ready', 'failed', 'closed'],
  loading: ['ready', 'minting', 'failed', 'closed'],
  ready: ['refreshing', 'failed', 'closed'],
  refreshing: ['ready', 'reconnecting', 'expired', 'failed', 'closed'],
  reconnecting: ['ready', 'expired', 'failed', 'closed'],
  expired: ['ready', 'failed', 'closed'],
  failed: ['loading', 'ready', 'closed'],
  closed: [],
};

export const STATES = Object.keys(LEGAL) as SessionState[];

const SNAPSHOT_FLAGS = [
  'hasFrame',
  'frameReady',
  'mayRelaunch',
  'isReplacing',
  'signedOut',
  'awaitsReady',
] as const satisfies (keyof Snapshot)[];

/** Every snapshot of a state, those included that no sequence of events leads to. */
export function* snapshotsOf(state: SessionState): Generator<Snapshot> {
  const errors = ['expired', 'failed', 'reconnecting'].includes(state)
    ? [RETRYABLE, FINAL]
    : [null];
  for (const error of errors) {
    for (let bits = 0; bits < 2 ** SNAPSHOT_FLAGS.length; bits += 1) {
      const flags = SNAPSHOT_FLAGS.map((flag, index) => [flag, (bits & (2 ** index)) !== 0]);
      yield {...initial, ...(Object.fromEntries(flags) as Partial<Snapshot>), state, error};
    }
  }
}
