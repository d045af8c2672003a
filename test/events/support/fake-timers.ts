import type {TestContext} from 'node:test';

/** Replaces `setTimeout` and `clearTimeout` during a test. Timers run when the test says so. */
export function fakeTimers(t: TestContext) {
  const pending = new Map<number, {at: number; run: () => void}>();
  let now = 0;
  let last = 0;
  t.mock.method(globalThis, 'setTimeout', ((run: () => void, ms: number) => {
    pending.set(++last, {at: now + ms, run});
    return last;
  }) as never);
  t.mock.method(globalThis, 'clearTimeout', ((id: number) => void pending.delete(id)) as never);
  return {
    /** The delays of the timers that have not run, from now on. */
    delays: () => [...pending.values()].map(({at}) => at - now),
    /** Lets `ms` pass, and what follows from it settle. */
    async pass(ms: number): Promise<void> {
      now += ms;
      for (const [id, {at, run}] of pending) {
        if (at <= now && pending.delete(id)) run();
      }
      await settled();
    },
  };
}

/** Lets promises settle that wait for nothing but each other. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve));
}
