/** The arithmetic of `npm run bench`, and the page that it writes. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  readRecord,
  toDocument,
  withSummary,
  writtenFrom,
} from '../../scripts/measure/bench/document.js';
import {drawPicture} from '../../scripts/measure/bench/picture.js';
import {
  atMost,
  cells,
  figure,
  goalsTable,
  medianAtMost,
  type Section,
  toTable,
} from '../../scripts/measure/bench/report.js';
import {
  interleave,
  median,
  quartiles,
  won,
  pairwise,
  ratios,
  spread,
  verdict,
} from '../../scripts/measure/bench/statistics.js';
import type {UsersRecord} from '../../scripts/measure/bench/users-record.js';
import {summary, usersSections} from '../../scripts/measure/bench/users-report.js';
import {readText} from '../docs/support/markdown.js';

test('the quartiles are the medians of the two halves', () => {
  assert.deepEqual(quartiles([5, 1, 4, 2, 3]), [2, 4]);
  assert.deepEqual(quartiles([4, 1, 3, 2]), [1.5, 3.5]);
  assert.deepEqual(quartiles([7]), [7, 7]);
});

test('a round is won if its value is below the limit', () => {
  assert.equal(won([0.9, 1, 1.1, 0.5], 1), 2);
});

test('a difference is within noise if the quartiles are not on the same side of the limit', () => {
  assert.equal(verdict([0.5, 0.9, 0.9, 0.95, 1.2]), 'less');
  assert.equal(verdict([0.8, 1.1, 1.2, 1.3]), 'within noise');
  assert.equal(verdict([0.8, 0.9, 0.95, 1]), 'less');
  assert.equal(verdict([0.9, 1, 1]), 'within noise');
  assert.equal(verdict([1.1, 1.2, 1.3]), 'more');
  assert.equal(verdict([0.5, 0.9, 0.9, 0.95, 1.2], 0.9), 'within noise');
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
  browsers: 'Chromium 150.0',
  packages: 'penpal 7.0.0',
};

test('the document names the machine, the versions, and every missed goal', () => {
  const text = toDocument({size: {facts, measured: [section]}});
  for (const part of [
    'measured 2026-01-02 on a machine, with a load of 0.3 before it; Node 20.1.0, Chromium 150.0. penpal 7.0.0.',
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
  const measured = [{...section, goals: section.goals.slice(1)}];
  assert.match(toDocument({size: {facts, measured}}), /^All 1 goals were reached\.$/m);
});

test('the document says once what all parts of a run were measured on', () => {
  const part = (title: string, date: string) => ({
    facts: {...facts, date},
    measured: [{...section, title}],
  });
  const text = toDocument({
    tried: part('Tried', '2026-01-03'),
    frame: part('Frame', '2026-01-02'),
    size: part('Size', '2026-01-02'),
  });
  const order = text.match(/^## \w+|measured 2\S+/gm);
  assert.deepEqual(order, [
    'measured 2026-01-02',
    '## Size',
    '## Frame',
    'measured 2026-01-03',
    '## Tried',
  ]);
});

test('a goal for a median says whether it is within noise', () => {
  const goals = [medianAtMost('a', [1, 1.1, 1.2], 1.05), medianAtMost('b', [0.9, 1, 1], 1.05)];
  const [, , a, b] = goalsTable(goals).split('\n');
  assert.match(a!, /\*\*missed\*\*, within noise \|$/);
  assert.match(b!, /\| reached +\|$/);
});

const returns = (kept: number[]) => ({
  kept,
  fresh: [200, 300, 400],
  requests: {kept: 1, fresh: 3},
  textsKept: {kept: 2, fresh: 0},
});
const visits = {
  early: [80, 90, 100],
  element: [100, 100, 110],
  handFile: [95, 80, 90],
  handInline: [50, 60, 70],
  superset: [110, 120, 130],
};
const users: UsersRecord = {
  rounds: 3,
  visits: {
    'CPU ×1': visits,
    'CPU ×4': {...visits, early: [90, 110, 115]},
    'CPU ×4, slow 4G': visits,
  },
  work: {'CPU ×1': visits, 'CPU ×4': visits, 'CPU ×4, slow 4G': visits},
  returns: {'Chromium 156': returns([1, 2, 3]), 'Firefox 153': returns([60, 70, 80])},
  opening: {warmed: [100, 200, 300], cold: [400, 500, 600]},
  kept: [
    {number: 17, what: 'left over', where: 'chromium', wanted: '0', reached: '1 frames', ok: false},
  ],
};

test('the summary has six lines, with ratios or the words "within noise"', () => {
  assert.deepEqual(summary(users).rows, [
    ['First visit with `early.min.js`', '90 ms', '100 ms', '90 ms', '0.900'],
    [
      'First visit with `early.min.js`, slow processor',
      '110 ms',
      '100 ms',
      '90 ms',
      '1.05, within noise',
    ],
    [
      'First visit with `early.min.js`, slow processor and slow 4G',
      '90 ms',
      '100 ms',
      '90 ms',
      '0.900',
    ],
    ['Click on a link with `warm()`', '200 ms', '500 ms', '', '0.400'],
    ['Return to a route with `keep()`, Chromium 156', '2 ms', '300 ms', '', '0.007'],
    ['Return to a route with `keep()`, Firefox 153', '70 ms', '300 ms', '', '0.233'],
  ]);
});

test('the goals for users compare the recorded rounds, requests, and texts with their limits', () => {
  const missed = usersSections(users)
    .flatMap(({goals}) => goals)
    .filter(({ok}) => !ok);
  assert.deepEqual(
    missed.map(({what, reached}) => `${what}: ${reached}`),
    [
      'CPU ×1: early / element: 0.900',
      'CPU ×1: early / hand-written in a file: 1.11',
      'CPU ×1: element / hand-written in a file: 1.22',
      'CPU ×4: early / element: 1.05',
      'CPU ×4: early / hand-written in a file: 1.28',
      'CPU ×4: element / hand-written in a file: 1.22',
      'CPU ×4, slow 4G: early / hand-written in a file: 1.11',
      'CPU ×4, slow 4G: element / hand-written in a file: 1.22',
      'Chromium 156: token requests of all returns with keep(): 1',
      'Chromium 156: returns with keep() that lost the typed text: 1',
      'Firefox 153: return with keep(): 70 ms',
      'Firefox 153: token requests of all returns with keep(): 1',
      'Firefox 153: returns with keep() that lost the typed text: 1',
      'left over (chromium): 1 frames',
    ],
  );
});

test('the picture has a bar, a value, and the quartiles for each time of the summary', () => {
  const svg = drawPicture(users);
  const bars = [...svg.matchAll(/<rect class="([\w-]+)" x.* width="([\d.]+)"/g)];
  const widths = bars.map(([, who, width]) => `${who} ${Math.round(Number(width))}`);
  // The longest line ends with 550 ms, and is 560 wide.
  assert.deepEqual(widths.slice(0, 3), ['with 92', 'without 102', 'hand-written 92']);
  assert.deepEqual(widths.slice(-2), ['with 71', 'without 306']);
  assert.equal(bars.length, 3 * 3 + 3 * 2);
  assert.equal(svg.match(/<line class="quartiles"/g)!.length, bars.length);
  // Quartiles of 85 and 95 ms.
  assert.match(svg, /<line class="quartiles" x1="206.5" x2="216.7"/);
  const values = [...svg.matchAll(/>([\d,]+ ms)<\/text>/g)].map(([, value]) => value);
  const table = summary(users).rows.flatMap(([, ...times]) =>
    times.filter(time => /ms$/.test(time)),
  );
  assert.deepEqual(values, table);
});

test('the summary is written between its marks, and the rest of the page stays', () => {
  const page =
    'Before\n<!-- summary: npm run bench writes what follows -->\nold\n<!-- end of summary -->\nAfter\n';
  const text = withSummary(page, users);
  assert.ok(text.startsWith('Before\n<!-- summary') && text.endsWith('-->\nAfter\n'), text);
  assert.doesNotMatch(text, /old/);
  assert.match(text, /performance\.svg/);
  assert.throws(() => withSummary('no marks', users), /lacks/);
});

const recorded = readRecord();
for (const [file, text] of Object.entries(await writtenFrom(recorded))) {
  test(`${file} is what the recorded figures say`, () => {
    assert.equal(readText(file), text);
  });
}

test('the recorded figures for users are of 25 rounds or more', () => {
  const {rounds, visits, returns, opening} = recorded.users!.measured as UsersRecord;
  assert.ok(rounds >= 25, `${rounds} rounds`);
  const each = [
    ...Object.values(visits).flatMap(Object.values),
    ...Object.values(returns).flatMap(({kept, fresh}) => [kept, fresh]),
    ...Object.values(opening),
  ] as number[][];
  assert.deepEqual(
    each.filter(({length}) => length !== rounds),
    [],
  );
});
