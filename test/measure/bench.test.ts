/** The arithmetic of `npm run bench`, and the page that it writes. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {toDocument} from '../../scripts/measure/bench/document.js';
import {atMost, cells, figure, type Section, toTable} from '../../scripts/measure/bench/report.js';
import {
  interleave,
  median,
  quartiles,
  won,
  pairwise,
  ratios,
  spread,
} from '../../scripts/measure/bench/statistics.js';

test('the quartiles are the medians of the two halves', () => {
  assert.deepEqual(quartiles([5, 1, 4, 2, 3]), [2, 4]);
  assert.deepEqual(quartiles([4, 1, 3, 2]), [1.5, 3.5]);
  assert.deepEqual(quartiles([7]), [7, 7]);
});

test('a round is won if its value is below the limit', () => {
  assert.equal(won([0.9, 1, 1.1, 0.5], 1), 2);
});

test('the median is the middle value, or the mean of the two middle values', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 4, 9]), 6.5);
  assert.equal(median([100, 20, 3]), 20);
  assert.throws(() => median([]), /nothing/);
});

test('a spread has the minimum, the median and the maximum, and does not change its input', () => {
  const values = [30, 4, 10];
  assert.deepEqual(spread(values), {min: 4, median: 10, max: 30});
  assert.deepEqual(values, [30, 4, 10]);
});

test('ratios compare values of the same round', () => {
  assert.deepEqual(ratios([2, 9], [1, 3]), [2, 3]);
  assert.deepEqual(pairwise([2, 9], [5, 3], Math.max), [5, 9]);
  assert.throws(() => ratios([1, 2], [1]), /2 rounds cannot be paired with 1/);
});

test('contenders take turns, and each round begins with another one', async () => {
  const order: string[] = [];
  const contender = (name: string) => () => order.push(name);
  const contenders = {a: contender('a'), b: contender('b'), c: contender('c')};
  const measured = await interleave(contenders, 3);
  assert.equal(order.join(''), 'abcbcacab');
  assert.deepEqual(measured, {a: [1, 6, 8], b: [2, 4, 9], c: [3, 5, 7]});
});

test('figures have three digits, and whole numbers all their digits', () => {
  assert.deepEqual([0.0512, 0.999, 1.046, 12.34, 812.6, 26_000].map(figure), [
    '0.051',
    '0.999',
    '1.05',
    '12.3',
    '813',
    '26,000',
  ]);
  assert.deepEqual(cells({min: 1, median: 2.5, max: 10.25}), ['1', '2.50', '10.3']);
});

test('a goal compares the exact value with its limit, not the rounded one', () => {
  assert.equal(atMost('a', 1.05, 1.05).ok, true);
  assert.equal(atMost('a', 1.0501, 1.05).ok, false);
});

test('a table aligns its numbers to the right', () => {
  assert.equal(
    toTable(['entry', 'n'], [['one', '1,000']]),
    '| entry |     n |\n| ----- | ----: |\n| one   | 1,000 |',
  );
});

const section: Section = {
  title: 'Size',
  text: 'How it was measured.',
  head: ['entry', 'bytes'],
  rows: [['one', '1,000']],
  goals: [atMost('one', 1.2, 1.05), atMost('two', 1, 1.05)],
  after: 'What to know.',
};
const facts = {
  date: '2026-01-02',
  machine: 'a machine',
  load: 0.25,
  node: '20.1.0',
  chromium: '150.0',
  packages: [['penpal', '7.0.0']] as const,
};

test('the document names the machine, the versions, the command, and every missed goal', () => {
  const text = toDocument([section], facts);
  for (const part of [
    'Measured 2026-01-02 by `npm run bench` on a machine, with a load of 0.3 before it; Node 20.1.0, Chromium 150.0. penpal 7.0.0.',
    '1 of 2 goals were reached. Missed:',
    '| one  | ≤ 1.05 | 1.20    | **missed** |',
    '## Size\n\nHow it was measured.\n\n| entry | bytes |',
    '| two  | ≤ 1.05 | 1       | reached    |',
    'What to know.',
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('the document says if every goal was reached', () => {
  const text = toDocument([{...section, goals: section.goals.slice(1)}], facts);
  assert.match(text, /^All 1 goals were reached\.$/m);
});
