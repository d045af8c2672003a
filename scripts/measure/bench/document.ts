import {readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import prettier from 'prettier';
import {drawPicture} from './picture.js';
import {goalsTable, type Section, toMarkdown, toTable} from './report.js';
import {conditionsText, summary, usersSections} from './users-report.js';
import type {UsersRecord} from './users-record.js';

/*
 * What was measured is recorded in a file, and the documents and the picture are made from it: a run may measure some parts only,
 * and a test compares.
 */

const root = path.resolve(import.meta.dirname, '../../..');
const RECORD = 'docs/maintainers/benchmarks.json';
const SUMMARY_PAGE = 'docs/performance.md';
const PICTURE = 'docs/images/performance.svg';

/** In the order of the document. */
export const PARTS = [
  'users',
  'size',
  'frame',
  'messages',
  'resizing',
  'many',
  'backend',
  'tried',
] as const;
export type Part = (typeof PARTS)[number];

/** What the measurements were made on and with. */
export interface Facts {
  date: string;
  machine: string;
  /** Processes that wanted to run, on average over a minute, before the first measurement. */
  load: number;
  node: string;
  /** Names and versions. */
  browsers: string;
  /** Name and version of the package and of what it is compared with. */
  packages: string;
}

/** Of users, the rounds are recorded, because the picture and the summary are made from them. */
export type Measured = Section[] | UsersRecord;

export type BenchRecord = Partial<Record<Part, {facts: Facts; measured: Measured}>>;

export function readFacts(browsers: string, load: number): Facts {
  const [cpu] = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  const read = (name: string) => JSON.parse(readText(name));
  const {name, version} = read('package.json');
  const {dependencies} = read('scripts/measure/bench/competitors/package.json') as {
    dependencies: Record<string, string>;
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.platform()} ${os.arch()}, ${os.cpus().length} × ${cpu!.model.trim()}, ${gigabytes} GB`,
    load: Math.round(load * 10) / 10,
    node: process.versions.node,
    browsers,
    packages: [[name, version], ...Object.entries(dependencies)]
      .map(each => each.join(' '))
      .join(', '),
  };
}

export const toSections = (measured: Measured): Section[] =>
  Array.isArray(measured) ? measured : usersSections(measured);

/** The whole of docs/maintainers/benchmarks.md, before it is formatted. */
export function toDocument(record: BenchRecord): string {
  const parts = PARTS.flatMap(part => {
    const recorded = record[part];
    return recorded ? [{facts: recorded.facts, sections: toSections(recorded.measured)}] : [];
  });
  const goals = parts.flatMap(({sections}) => sections.flatMap(section => section.goals));
  const missed = goals.filter(({ok}) => !ok);
  const outcome =
    missed.length === 0
      ? `All ${goals.length} goals were reached.`
      : `${goals.length - missed.length} of ${goals.length} goals were reached. Missed:\n\n${goalsTable(missed)}`;
  return [
    '# Benchmarks',
    'What the package costs, compared with other libraries and with hand-written code. `npm run bench` measures everything on this page; `npm run bench -- users size` measures these parts only, and leaves the others as they were. [Performance](../performance.md) has the summary for users.',
    'Times are of one machine. What is compared takes turns within one run, and a ratio is of what was measured in the same round, so that the load of the machine is in both; below 1 the package is the faster one.',
    outcome,
    ...parts.flatMap(({facts, sections}, index) => {
      const line = toLine(facts);
      const before = parts[index - 1];
      // Said once for all parts of one run.
      const isSaid = before && toLine(before.facts) === line;
      return [...(isSaid ? [] : [line]), ...sections.map(toMarkdown)];
    }),
  ].join('\n\n');
}

function toLine({date, machine, load, node, browsers, packages}: Facts): string {
  return `_What follows was measured ${date} on ${machine}, with a load of ${load.toFixed(1)} before it; Node ${node}, ${browsers}. ${packages}._`;
}

const START = '<!-- summary: npm run bench writes what follows -->';
const END = '<!-- end of summary -->';

/** The page for users, with the summary between its marks. */
export function withSummary(page: string, users: UsersRecord): string {
  const [before, rest = ''] = page.split(START);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`${SUMMARY_PAGE} lacks "${START}" or "${END}".`);
  const {head, rows} = summary(users);
  const {repository} = JSON.parse(readText('package.json')) as {repository: {url: string}};
  const home = repository.url.replace(/^git\+https:\/\/github\.com\/|\.git$/g, '');
  const picture = `https://raw.githubusercontent.com/${home}/main/${PICTURE}`;
  const text = [
    START,
    `![The times of the table below as bars, with their quartiles](${picture})`,
    toTable(head, rows),
    conditionsText(users),
    END,
  ].join('\n\n');
  return `${before}${text}${after}`;
}

/** What the record says that these files hold, by their path. */
export async function writtenFrom(record: BenchRecord): Promise<Record<string, string>> {
  const page = RECORD.replace('.json', '.md');
  const users = record.users?.measured as UsersRecord | undefined;
  return {
    [RECORD]: await formatted(RECORD, JSON.stringify(record)),
    [page]: await formatted(page, toDocument(record)),
    ...(users && {
      [SUMMARY_PAGE]: await formatted(SUMMARY_PAGE, withSummary(readText(SUMMARY_PAGE), users)),
      [PICTURE]: drawPicture(users),
    }),
  };
}

/** Adds what was measured to the record, and writes everything that is made from it. */
export async function writeDocuments(measured: BenchRecord): Promise<void> {
  const record = {...readRecord(), ...measured};
  const inOrder = Object.fromEntries(PARTS.map(part => [part, record[part]]));
  for (const [file, text] of Object.entries(await writtenFrom(inOrder))) {
    writeFileSync(path.join(root, file), text);
  }
}

export const readRecord = () => JSON.parse(readText(RECORD)) as BenchRecord;

async function formatted(file: string, text: string): Promise<string> {
  const filepath = path.join(root, file);
  return prettier.format(text, {...(await prettier.resolveConfig(filepath)), filepath});
}

function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
