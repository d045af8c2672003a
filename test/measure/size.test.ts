/** `npm run check:size`, without what it measures. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {compareSizes, type Sizes} from '../../scripts/size.mjs';

const recorded = JSON.parse(readFileSync('scripts/size-baseline.json', 'utf8')) as Sizes;
const baseline: Sizes = {file: {gzip: 10_000, brotli: 9_000}};

describe('the comparison of sizes with their baseline', () => {
  test('accepts a size of up to 2 % over its baseline', () => {
    const {errors} = compareSizes({file: {gzip: 10_200, brotli: 9_180}}, baseline);
    assert.deepEqual(errors, []);
  });

  test('reports a gzip size of more than 2 % over its baseline', () => {
    const {errors} = compareSizes({file: {gzip: 10_201, brotli: 9_000}}, baseline);
    assert.deepEqual(errors, [
      'file is 10,201 bytes (gzip), more than 2 % over its baseline of 10,000.',
    ]);
  });

  test('reports a Brotli size of more than 2 % over its baseline', () => {
    const {errors} = compareSizes({file: {gzip: 10_000, brotli: 9_181}}, baseline);
    assert.deepEqual(errors, [
      'file is 9,181 bytes (brotli), more than 2 % over its baseline of 9,000.',
    ]);
  });

  test('prints each size and its difference to the baseline', () => {
    const {lines} = compareSizes({file: {gzip: 10_150, brotli: 7_500}}, baseline);
    assert.deepEqual(
      lines.map(line => line.replace(/ +/g, ' ')),
      ['file gzip 10,150 ( +150) brotli 7,500 (-1,500)'],
    );
  });

  test('reports an entry without a baseline, and says how to record one', () => {
    const {lines, errors} = compareSizes({...baseline, added: {gzip: 1}}, baseline);
    assert.match(lines[1]!, /added .*\(new\)/);
    assert.deepEqual(errors, [
      'added has no gzip baseline. To record one, run: npm run size -- --accept',
    ]);
  });

  test('reports a baseline of an entry that is not measured anymore', () => {
    const {errors} = compareSizes({}, baseline);
    assert.deepEqual(errors, [
      'file has a baseline, but is not measured. To remove it, run: npm run size -- --accept',
    ]);
  });

  test('accepts the recorded baseline itself', () => {
    assert.notEqual(Object.keys(recorded).length, 0);
    assert.deepEqual(compareSizes(recorded, recorded).errors, []);
  });
});

test('docs/events.md states the recorded size of the events client', () => {
  const size = `${(recorded['Events client']!.gzip! / 1000).toFixed(1)} kB minified and gzipped`;
  assert.ok(readFileSync('docs/events.md', 'utf8').includes(size), size);
});
