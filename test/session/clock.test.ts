import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import {describe, test} from 'node:test';
import {after, MAX_TIMEOUT_MS, systemClock} from '../../src/session/clock.js';
import {ManualClock} from '../support/manual-clock.js';

/** A timer of 100 ms, and what is left of it. */
function start(ms = 100) {
  const clock = new ManualClock();
  const controller = new AbortController();
  const {signal} = controller;
  const state = {calls: 0};
  const cancel = after(clock, ms, signal, () => (state.calls += 1));
  const left = () => clock.pending + getEventListeners(signal, 'abort').length;
  return {clock, controller, state, cancel, left};
}

describe('a timer', () => {
  test('fires a timer once and leaves nothing behind', async () => {
    const {clock, state, left} = start();
    await clock.advance(99);
    assert.equal(state.calls, 0);
    await clock.advance(1_000);
    assert.equal(state.calls, 1);
    assert.equal(left(), 0);
  });

  test('never fires a canceled timer, and leaves nothing behind', async () => {
    const {clock, state, cancel, left} = start();
    cancel();
    cancel();
    assert.equal(left(), 0);
    await clock.advance(1_000);
    assert.equal(state.calls, 0);
  });

  test('never fires a timer whose signal aborts, and leaves nothing behind', async () => {
    const {clock, controller, state, left} = start();
    controller.abort();
    assert.equal(left(), 0);
    await clock.advance(1_000);
    assert.equal(state.calls, 0);
  });

  test('sets no timer if its signal has already aborted', () => {
    const clock = new ManualClock();
    const signal = AbortSignal.abort();
    after(clock, 100, signal, () => assert.fail('fired'));
    assert.equal(clock.pending + getEventListeners(signal, 'abort').length, 0);
  });

  for (const ms of [-5, 0]) {
    test(`fires a timer of ${ms} ms in a later turn of the event loop`, async () => {
      const {clock, state} = start(ms);
      assert.equal(state.calls, 0);
      await clock.advance(0);
      assert.equal(state.calls, 1);
    });
  }

  for (const ms of [2 ** 31, 1e15, Infinity]) {
    test(`does not fire a timer of ${ms} ms at once`, async () => {
      const {clock, state} = start(ms);
      await clock.advance(MAX_TIMEOUT_MS - 1);
      assert.equal(state.calls, 0);
    });
  }
});

describe('the system clock', () => {
  test('reads the wall clock of the system', () => {
    const before = Date.now();
    const now = systemClock.now();
    assert.ok(before <= now && now <= Date.now());
  });

  test('fires a timer of the system clock, and does not fire a cleared one', async () => {
    let isClearedFired = false;
    const cleared = systemClock.setTimeout(() => (isClearedFired = true), 0);
    systemClock.clearTimeout(cleared);
    await new Promise<void>(resolve => void systemClock.setTimeout(resolve, 0));
    assert.equal(isClearedFired, false);
  });
});
