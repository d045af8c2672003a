/**
 * `npm run bench`: measures in real browsers where a browser matters, records the figures in docs/maintainers/benchmarks.json, and
 * writes docs/maintainers/benchmarks.md, the summary in docs/performance.md, and its picture.
 *
 *   npm run bench                         everything
 *   npm run bench -- users size           only these parts; the others stay as they were
 *   npm run bench -- users --rounds 3     with fewer rounds, as a trial: records and writes nothing
 *   npm run bench -- --strict             exits with 1 where a goal is missed
 */
import os from 'node:os';
import {parseArgs} from 'node:util';
import {installFramework} from '../../../test/support/frameworks.mjs';
import {measureBackend} from './backend.js';
import {type Browser, startChromium} from './chromium.js';
import {
  type BenchRecord,
  type Measured,
  type Part,
  PARTS,
  readFacts,
  toSections,
  writeDocuments,
} from './document.js';
import {measureFrame} from './frame.js';
import {measureMany} from './many.js';
import {measureMessages} from './messages.js';
import {toMarkdown, toTable} from './report.js';
import {measureResizing} from './resizing.js';
import {measureSizes} from './size.js';
import {measureTried} from './tried.js';
import {measureUsers} from './users.js';
import {summary} from './users-report.js';

const ROUNDS = 25;

const MEASURE: Record<Part, (browser: Browser, rounds: number) => Promise<Measured>> = {
  users: measureUsers,
  size: measureSizes,
  frame: measureFrame,
  messages: measureMessages,
  resizing: measureResizing,
  many: measureMany,
  backend: measureBackend,
  tried: measureTried,
};

const {values, positionals} = parseArgs({
  options: {strict: {type: 'boolean', default: false}, rounds: {type: 'string'}},
  allowPositionals: true,
});
const unknown = positionals.filter(name => !PARTS.some(part => part === name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are ${PARTS.join(', ')}.`);
  process.exit(1);
}
const isTrial = values.rounds !== undefined;
const rounds = Number(values.rounds ?? ROUNDS);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('--rounds must be a whole number of at least 1.');
  process.exit(1);
}
const wanted = PARTS.filter(part => positionals.length === 0 || positionals.includes(part));

await installFramework('scripts/measure/bench/competitors');
const [load] = os.loadavg();
const browser = await startChromium();
const record: BenchRecord = {};
try {
  for (const part of wanted) {
    const startedAt = performance.now();
    const measured = await MEASURE[part](browser, rounds);
    if (!Array.isArray(measured)) {
      const {head, rows} = summary(measured);
      console.log(`\n${toTable(head, rows)}`);
    }
    console.log(`\n${toSections(measured).map(toMarkdown).join('\n\n')}`);
    console.log(`\n[${part}: ${Math.round((performance.now() - startedAt) / 1_000)} s]`);
    record[part] = {facts: readFacts(`Chromium ${browser.version}`, load!), measured};
  }
} finally {
  await browser.close();
}
if (isTrial) console.log('\nA trial: nothing is recorded.');
else await writeDocuments(record);

const goals = Object.values(record).flatMap(({measured}) =>
  toSections(measured).flatMap(section => section.goals),
);
const missed = goals.filter(({ok}) => !ok);
console.log(`\n${goals.length - missed.length} goals reached, ${missed.length} missed`);
process.exitCode = values.strict && missed.length > 0 ? 1 : 0;
