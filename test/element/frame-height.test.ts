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
    test(`of ${content} becomes ${applied}`, () =>
      assert.equal(clampHeight(content, LIMITS), applied));
  }

  test('is at least the minimum, where that is above the maximum', () =>
    assert.equal(clampHeight(700, {min: 900, max: 600}), 900));
  test('may be nothing where the minimum is', () =>
    assert.equal(clampHeight(0, {min: 0, max: 600}), 0));
  test('is whole and within the limits, whatever is asked for', () => {
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

describe('a frame that grows because it has grown', () => {
  test('is held after nine growths in two seconds', () => {
    const {verdicts, applied} = run(growing(100), 16);
    assert.deepEqual(
      verdicts,
      Array.from({length: 100}, (_, index) => (index < 9 ? 'apply' : 'hold')),
    );
    assert.equal(applied, 489);
  });

  test('is stopped when it grows again at once, and that is told once', () => {
    const {watch, end} = run(growing(20), 16);
    assert.equal(watch.settle(end + 500), true);
    const again = run(growing(200, 501), 16, watch, end + 516);
    assert.equal(again.verdicts[0], 'frozen');
    assert.ok(again.verdicts.slice(1).every(verdict => verdict === 'hold'));
    assert.equal(watch.settle(end + 10_000), false);
  });

  test('is stopped when it does not stop growing, and that is told once', () => {
    const {applied, verdicts} = run(growing(2_000), 16);
    assert.equal(applied, 489);
    assert.equal(verdicts.filter(verdict => verdict === 'frozen').length, 1);
    assert.equal(verdicts.at(-1), 'hold');
  });

  test('is held though it shrinks in between', () => {
    const heights = growing(30).flatMap(height => [height, 480]);
    assert.equal(run(heights, 30).verdicts.at(-1), 'hold');
  });

  test('is let go when it becomes smaller, a while later', () => {
    const {watch, applied, end} = run(growing(200), 16);
    assert.equal(watch.next(applied - 5, applied, end), 'hold');
    assert.equal(watch.next(applied - 5, applied, end + 2_000), 'apply');
    assert.equal(watch.next(applied + 50, applied - 5, end + 2_100), 'apply');
  });

  test('is let go when another page is shown', () => {
    const {watch, applied, end} = run(growing(200), 16);
    watch.reset();
    assert.equal(watch.next(applied + 100, applied, end), 'apply');
  });
});

describe('a frame that grows for its own reasons', () => {
  test('is held while it animates, and let go when it has settled', () => {
    const {watch, end} = run(growing(20), 16);
    assert.equal(watch.settle(end + 500), true);
    assert.equal(watch.next(700, 500, end + 500 + 250), 'apply');
  });

  test('may do so nine times in two seconds', () => {
    const {verdicts, applied} = run(growing(9), 200);
    assert.ok(verdicts.every(verdict => verdict === 'apply'));
    assert.equal(applied, 489);
  });

  test('may do so for ever, at less than five times a second', () => {
    assert.ok(run(growing(1_000), 250).verdicts.every(verdict => verdict === 'apply'));
  });

  test('may become smaller as often as it likes', () => {
    const heights = growing(200).reverse();
    assert.ok(run(heights, 16).verdicts.every(verdict => verdict === 'apply'));
  });

  test('may say the same height as often as it likes', () => {
    const heights = Array.from({length: 200}, () => 700);
    assert.ok(run(heights, 16).verdicts.every(verdict => verdict === 'apply'));
  });
});
