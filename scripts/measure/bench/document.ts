import {readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import prettier from 'prettier';
import {goalsTable, type Section, toMarkdown} from './report.js';

const root = path.resolve(import.meta.dirname, '../../..');
const file = path.join(root, 'docs/maintainers/benchmarks.md');

/** What the measurements were made on and with. */
export interface Facts {
  date: string;
  machine: string;
  /** Processes that wanted to run, on average over a minute, before the first measurement. */
  load: number;
  node: string;
  chromium: string;
  /** Name and version of the package and of what it is compared with. */
  packages: readonly (readonly [name: string, version: string])[];
}

export function readFacts(chromium: string, load: number): Facts {
  const [cpu] = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  const read = (name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
  const {name, version} = read('package.json');
  const {dependencies} = read('scripts/measure/bench/competitors/package.json') as {
    dependencies: Record<string, string>;
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.platform()} ${os.arch()}, ${os.cpus().length} × ${cpu!.model.trim()}, ${gigabytes} GB`,
    load,
    node: process.versions.node,
    chromium,
    packages: [[name, version], ...Object.entries(dependencies)],
  };
}

/** The whole of docs/maintainers/benchmarks.md, before it is formatted. */
export function toDocument(sections: readonly Section[], facts: Facts): string {
  const goals = sections.flatMap(section => section.goals);
  const missed = goals.filter(({ok}) => !ok);
  const versions = facts.packages.map(([name, version]) => `${name} ${version}`).join(', ');
  const outcome =
    missed.length === 0
      ? `All ${goals.length} goals were reached.`
      : `${goals.length - missed.length} of ${goals.length} goals were reached. Missed:\n\n${goalsTable(missed)}`;
  return [
    '# Benchmarks',
    'What the package costs, beside what a page would use instead: other libraries, and the quickstart’s code by hand. A run of `npm run bench` measures everything on this page and writes it; `npm run bench -- size messages` measures only these parts and leaves this page alone.',
    `Measured ${facts.date} by \`npm run bench\` on ${facts.machine}, with a load of ${facts.load.toFixed(1)} before it; Node ${facts.node}, Chromium ${facts.chromium}. ${versions}.`,
    'Times are of one machine. What is compared takes turns within one run, and a ratio is of what was measured in the same round, so that the load of the machine is in both; below 1 the package is the faster one.',
    outcome,
    ...sections.map(toMarkdown),
  ].join('\n\n');
}

export async function writeDocument(sections: readonly Section[], facts: Facts): Promise<void> {
  const options = await prettier.resolveConfig(file);
  const text = await prettier.format(toDocument(sections, facts), {...options, filepath: file});
  writeFileSync(file, text);
}
