import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {clampHeight, GrowthWatch} from '../../src/element/frame-height.js';

const LIMITS = {min: 480, max: 20_000};

describe('a height', () => {
  // prettier-ignore
  const cases: [content: number, applied: number][] = [
    [0, 480],
    [-0, 480],
    [479.9, 480],
    [480, 480],
    [480.1, 481],
    [842, 842],
    [842.0001, 843],
    [19_999.5, 20_000],
    [20_000, 20_000],
    [20_000.1, 20_000],
    [1e9, 20_000],
    [Number.MAX_VALUE, 20_000],
    [Number.MIN_VALUE, 480],
  ];
  for (const [content, applied] of cases) {
    test(`applies a height of ${applied} for a content height of ${content}`, () =>
      assert.equal(clampHeight(content, LIMITS), applied));
  }

  test('applies the minimum height if it is above the maximum', () =>
    assert.equal(clampHeight(700, {min: 900, max: 600}), 900));
  test('applies a height of 0 if the minimum is 0', () =>
    assert.equal(clampHeight(0, {min: 0, max: 600}), 0));
  test('applies a whole height within the limits for any content height', () => {
    fc.assert(
      fc.property(fc.double({min: 0, noNaN: true, noDefaultInfinity: true}), content => {
        const height = clampHeight(content, LIMITS);
        assert.ok(Number.isInteger(height) && height >= 480 && height <= 20_000);
        if (content >= 480 && content <= 20_000)
          assert.ok(height - content >= 0 && height - content < 1);
      }),
    );
  });
});

/** A frame that asks for these heights, one each `ms`; what is done with them. */
function run(heights: number[], ms: number, watch = new GrowthWatch(), from = 0) {
  let applied = 480;
  const verdicts = heights.map((height, index) => {
    const verdict = watch.next(height, applied, from + index * ms);
    if (verdict === 'apply') applied = height;
    return verdict;
  });
  return {verdicts, applied, watch, end: from + heights.length * ms};
}

const growing = (count: number, from = 481) =>
  Array.from({length: count}, (_, index) => from + index);

/** Content that is a pixel higher than its frame: it says so whenever that has another height, and is let go when still. */
function feed(ms: number, until: number) {
  const watch = new GrowthWatch();
  const verdicts: string[] = [];
  let [applied, asked, now] = [480, 0, 0];
  for (; now < until; now += ms) {
    if (applied + 1 !== asked) {
      asked = applied + 1;
      const verdict = watch.next(asked, applied, now);
      verdicts.push(verdict);
      if (verdict === 'apply') applied = asked;
    } else if (verdicts.at(-1) === 'hold') {
      now += 500;
      if (watch.settle(now)) applied = asked;
    }
  }
  return {watch, verdicts, applied, now};
}

describe('a frame whose growth causes more growth', () => {
  test('holds a growth loop at the tenth growth, and freezes it at the next immediate growth', () => {
    const {verdicts, applied} = feed(16, 60_000);
    assert.deepEqual(verdicts, [...Array<string>(9).fill('apply'), 'hold', 'frozen']);
    assert.equal(applied, 490);
  });

  test('keeps a growth loop frozen at its height', () => {
    const {watch, applied, now} = feed(16, 10_000);
    for (let later = 0; later < 60_000; later += 100) {
      assert.equal(watch.next(applied + 1, applied, now + later), 'hold');
      assert.equal(watch.settle(now + later), false);
    }
  });

  test('frees a frozen frame that grows while its applied height stays the same', () => {
    const {watch, applied, now} = feed(16, 10_000);
    assert.equal(watch.next(applied + 300, applied, now), 'apply');
  });

  test('frees a frozen frame that shrinks a while later', () => {
    const {watch, applied} = feed(16, 2_000);
    assert.equal(watch.next(applied - 5, applied, 2_000), 'hold');
    assert.equal(watch.next(applied - 5, applied, 5_000), 'apply');
    assert.equal(watch.next(applied + 50, applied - 5, 5_100), 'apply');
  });

  test('frees a frozen frame when another page is shown', () => {
    const {watch, applied} = feed(16, 2_000);
    watch.reset();
    assert.equal(watch.next(applied + 100, applied, 2_000), 'apply');
  });
});

/** Content that answers each new height of its frame with the next one of a cycle. */
function swing(cycle: readonly number[], ms: number, until: number) {
  const watch = new GrowthWatch();
  const verdicts: string[] = [];
  let [applied, step, now, answered] = [480, 0, 0, -1];
  for (; now < until && verdicts.at(-1) !== 'frozen'; now += ms) {
    if (applied !== answered) {
      answered = applied;
      const asked = cycle[step++ % cycle.length]!;
      const verdict = watch.next(asked, applied, now);
      verdicts.push(verdict);
      if (verdict === 'apply') applied = asked;
    } else {
      now += 500;
      if (watch.settle(now)) applied = cycle[(step - 1) % cycle.length]!;
    }
  }
  return {verdicts, applied, now};
}

describe('a frame that answers each new height with another one', () => {
  for (const [name, cycle] of Object.entries({
    'grows and shrinks in turns': [900, 700],
    'grows at once and shrinks in steps': [900, 820, 740, 660, 580],
    'shrinks to its minimum each time': [5_000, 480],
  })) {
    for (const ms of [16, 67, 100]) {
      test(`freezes a frame within ten seconds if it ${name}, with an answer each ${ms} ms`, () => {
        const {verdicts, now} = swing(cycle, ms, 60_000);
        assert.equal(verdicts.at(-1), 'frozen');
        assert.ok(now < 10_000, String(now));
        assert.ok(verdicts.length < 60, String(verdicts.length));
      });
    }
  }

  test('applies heights forever that grow and shrink once a second', () => {
    const heights = Array.from({length: 1_000}, (_, step) => (step % 2 ? 700 : 900));
    assert.ok(run(heights, 1_000).verdicts.every(verdict => verdict === 'apply'));
  });

  test('holds heights that grow and shrink more often, and frees the frame after it has settled', () => {
    const heights = Array.from({length: 30}, (_, step) => (step % 2 ? 700 : 900));
    const {verdicts, watch, end} = run(heights, 400);
    assert.ok(verdicts.includes('hold') && !verdicts.includes('frozen'));
    assert.equal(watch.settle(end + 500), true);
    assert.equal(watch.next(700, 900, end + 750), 'apply');
    assert.equal(watch.next(900, 700, end + 1_150), 'apply');
  });
});

describe('a frame that grows without feedback', () => {
  test('holds a frame during an animation, and frees it after it has settled', () => {
    const {watch, end} = run(growing(20), 16);
    assert.equal(watch.settle(end + 500), true);
    assert.equal(watch.next(700, 500, end + 500 + 250), 'apply');
  });

  test('follows an animation of any length, at most a quarter of a second behind', () => {
    const {verdicts, applied} = run(growing(2_000), 16);
    assert.ok(!verdicts.includes('frozen'));
    assert.ok(applied > 2_480 - 250 / 16 - 2);
  });

  test('applies nine growths in two seconds', () => {
    const {verdicts, applied} = run(growing(9), 200);
    assert.ok(verdicts.every(verdict => verdict === 'apply'));
    assert.equal(applied, 489);
  });

  test('applies any number of growths, at less than five a second', () => {
    assert.ok(run(growing(1_000), 250).verdicts.every(verdict => verdict === 'apply'));
  });

  test('applies any number of smaller heights', () => {
    const heights = growing(200).reverse();
    assert.ok(run(heights, 16).verdicts.every(verdict => verdict === 'apply'));
  });

  test('applies the same height any number of times', () => {
    const heights = Array.from({length: 200}, () => 700);
    assert.ok(run(heights, 16).verdicts.every(verdict => verdict === 'apply'));
  });
});

describe('the limits of the growth watch', () => {
  /** Grows ten times in 144 ms: from then on the height is held, at 489 px. */
  const HELD_AT = 144;
  const held = () => {
    const {watch, verdicts, applied} = run(growing(10), 16);
    assert.deepEqual([verdicts.at(-1), applied], ['hold', 489]);
    return watch;
  };

  /** The held height is applied, and the content grows again 16 ms later: it is frozen at 490 px. */
  const FROZEN_AT = HELD_AT + 500 + 16;
  const frozen = () => {
    const watch = held();
    assert.equal(watch.settle(HELD_AT + 500), true);
    assert.equal(watch.next(491, 490, FROZEN_AT), 'frozen');
    return watch;
  };

  test('holds a height that grows again within 250 ms, and applies one that grows after that', () => {
    const watch = held();
    assert.equal(watch.next(491, 489, HELD_AT + 249), 'hold');
    assert.equal(watch.next(492, 489, HELD_AT + 250), 'apply');
  });

  test('compares a held height with the one before it, not with the first one', () => {
    const watch = held();
    assert.equal(watch.next(491, 489, HELD_AT + 100), 'hold');
    assert.equal(watch.next(491, 489, HELD_AT + 300), 'hold');
    assert.equal(watch.next(492, 489, HELD_AT + 301), 'apply');
  });

  test('keeps a frame frozen that grows within 250 ms, and frees one that grows after that', () => {
    const watch = frozen();
    assert.equal(watch.next(492, 490, FROZEN_AT + 249), 'hold');
    assert.equal(watch.next(493, 490, FROZEN_AT + 250), 'apply');
  });

  test('frees a frozen frame that shrinks after two seconds, and not before', () => {
    const watch = frozen();
    assert.equal(watch.next(480, 490, FROZEN_AT + 1_999), 'hold');
    assert.equal(watch.next(480, 490, FROZEN_AT + 2_000), 'apply');
  });

  test('keeps a frame frozen that asks for the height that it has', () => {
    assert.equal(frozen().next(490, 490, FROZEN_AT + 60_000), 'hold');
  });

  test('holds a height that shrinks while it is held, until the content settles', () => {
    const watch = held();
    assert.equal(watch.next(480, 489, HELD_AT + 60_000), 'hold');
    assert.equal(watch.settle(HELD_AT + 60_500), true);
  });

  test('freezes a frame that grows within 250 ms after its held height was applied', () => {
    for (const [elapsed, verdict] of [
      [249, 'frozen'],
      [250, 'apply'],
    ] as const) {
      const watch = held();
      watch.settle(1_000);
      assert.equal(watch.next(491, 490, 1_000 + elapsed), verdict);
    }
  });

  test('counts only growths within two seconds', () => {
    for (const [lastAt, verdict] of [
      [1_999, 'hold'],
      [2_000, 'apply'],
    ] as const) {
      const {watch} = run(growing(9), 200);
      assert.equal(watch.next(490, 489, lastAt), verdict);
    }
  });
});

describe('the limits of the growth watch for a frame that grows and shrinks', () => {
  /** Grows to 900 px and shrinks to 700 px in turns: one growth each 900 ms, the first at the start. */
  const swinging = Array.from({length: 40}, (_, step) => (step % 2 ? 700 : 900));
  const STEP_MS = 450;
  /** The step of the eleventh growth, which is the tenth that follows a shrinking. */
  const TENTH_SWING = 20;

  test('holds the tenth growth that follows a smaller height', () => {
    assert.equal(run(swinging, STEP_MS).verdicts.indexOf('hold'), TENTH_SWING);
  });

  test('does not count a smaller height before reset()', () => {
    const watch = new GrowthWatch();
    assert.equal(watch.next(700, 900, 0), 'apply');
    watch.reset();
    assert.equal(run(swinging, STEP_MS, watch).verdicts.indexOf('hold'), TENTH_SWING);
  });

  test('does not count a growth that follows an equal height', () => {
    const heights = Array.from({length: 60}, (_, step) => 481 + Math.floor(step / 2));
    assert.ok(run(heights, 400).verdicts.every(verdict => verdict === 'apply'));
  });

  for (const [spanMs, verdict] of [
    [9_999, 'hold'],
    [10_000, 'apply'],
  ] as const) {
    test(`answers ${verdict} to the tenth swing in height within ${spanMs} ms`, () => {
      const watch = new GrowthWatch();
      for (let swung = 0; swung < 9; swung += 1) {
        assert.equal(watch.next(700, 900, swung * 1_000), 'apply');
        assert.equal(watch.next(900, 700, swung * 1_000), 'apply');
      }
      assert.equal(watch.next(700, 900, spanMs), 'apply');
      assert.equal(watch.next(900, 700, spanMs), verdict);
    });
  }

  for (const [name, heights, ms] of [
    ['grew ten times', growing(10), 16],
    ['swung ten times', swinging.slice(0, TENTH_SWING + 1), STEP_MS],
  ] as const) {
    for (const [change, height, verdict] of [
      ['grows', 901, 'frozen'],
      ['keeps its height', 900, 'apply'],
      ['shrinks', 899, name === 'swung ten times' ? 'frozen' : 'apply'],
    ] as const) {
      test(`answers ${verdict} if a frame that ${name} ${change} after its held height was applied`, () => {
        const {watch, verdicts, end} = run([...heights], ms);
        assert.equal(verdicts.at(-1), 'hold');
        assert.equal(watch.settle(end + 500), true);
        assert.equal(watch.next(height, 900, end + 600), verdict);
      });
    }
  }
});
