/**
 * `npm run reliability`: measures every figure of docs/maintainers/reliability.md in one run, and writes the table there. Fails where a
 * figure is missed.
 *
 *   npm run reliability                              everything, in every engine that is found
 *   npm run reliability -- 3 5                       only these figures; the document is left alone
 *   npm run reliability -- --seed 7                  with this seed rather than one of the day
 *   BROWSERS=chromium npm run reliability            only these engines
 */
import {parseArgs} from 'node:util';
import {measureBrowsers} from './browser/browser-figures.js';
import {writeDocument} from './document.js';
import {type Figure, toTable} from './figure.js';
import * as node from './node-figures.js';

const {values, positionals} = parseArgs({
  options: {seed: {type: 'string'}},
  allowPositionals: true,
});
const wanted = positionals.map(Number);
const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000));
const isWanted = (number: number) => wanted.length === 0 || wanted.includes(number);
console.log(`Seed: ${seed}`);

const figures: Figure[] = [];
const startedAt = Date.now();
const note = (figure: Figure) => {
  figures.push(figure);
  const {number, what, where, reached, ok} = figure;
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  console.log(`${ok ? '✔' : '✖'} ${number} ${what} (${where}): ${reached} [${seconds} s]`);
};

const measures: [number, () => Figure | Promise<Figure>][] = [
  [3, node.lookAlikes],
  [4, node.stateTable],
  [4, () => node.sequences(seed)],
  [5, () => node.faultySessions(seed)],
  [6, () => node.thirtyDays(seed)],
  [8, node.storm],
  [9, node.skews],
  [11, node.mints],
  [13, node.readings],
  [14, node.costs],
  [15, node.rights],
  [16, node.redirects],
];
for (const [number, measure] of measures) if (isWanted(number)) note(await measure());
await measureBrowsers({seed, isWanted, note});

figures.sort((a, b) => a.number - b.number);
console.log(`\n${toTable(figures)}\n`);
const missed = figures.filter(({ok}) => !ok).length;
if (wanted.length === 0) await writeDocument(figures, seed);
console.log(`${figures.length - missed} reached, ${missed} missed`);
process.exit(missed === 0 ? 0 : 1);
