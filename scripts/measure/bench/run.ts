/**
 * `npm run bench`: measures everything in docs/maintainers/benchmarks.md in one run, in a real Chromium where a browser matters, and
 * writes that page.
 *
 *   npm run bench                       everything
 *   npm run bench -- size messages      only these parts; the document is left alone
 *   npm run bench -- --strict           exits with 1 where a goal is missed
 */
import os from 'node:os';
import {parseArgs} from 'node:util';
import {installFramework} from '../../../test/support/frameworks.mjs';
import {measureBackend} from './backend.js';
import {type Browser, startChromium} from './chromium.js';
import {readFacts, writeDocument} from './document.js';
import {measureFrame} from './frame.js';
import {measureMany} from './many.js';
import {measureMessages} from './messages.js';
import {type Section, toMarkdown} from './report.js';
import {measureResizing} from './resizing.js';
import {measureSizes} from './size.js';
import {measureTried} from './tried.js';
import {measureUsers} from './users.js';

const PARTS: Record<string, (browser: Browser) => Promise<Section[]>> = {
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
  options: {strict: {type: 'boolean', default: false}},
  allowPositionals: true,
});
const names = Object.keys(PARTS);
const unknown = positionals.filter(name => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  process.exit(1);
}
const wanted = positionals.length > 0 ? names.filter(name => positionals.includes(name)) : names;

await installFramework('scripts/measure/bench/competitors');
const [load] = os.loadavg();
const browser = await startChromium();
const sections: Section[] = [];
try {
  for (const name of wanted) {
    const startedAt = performance.now();
    const measured = await PARTS[name]!(browser);
    sections.push(...measured);
    console.log(`\n${measured.map(toMarkdown).join('\n\n')}`);
    console.log(`\n[${name}: ${Math.round((performance.now() - startedAt) / 1_000)} s]`);
  }
} finally {
  await browser.close();
}
if (wanted.length === names.length)
  await writeDocument(sections, readFacts(browser.version, load!));

const goals = sections.flatMap(section => section.goals);
const missed = goals.filter(({ok}) => !ok);
console.log(`\n${goals.length - missed.length} goals reached, ${missed.length} missed`);
process.exitCode = values.strict && missed.length > 0 ? 1 : 0;
