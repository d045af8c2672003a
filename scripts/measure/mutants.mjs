/**
 * `npm run mutants`: changes the source in one place at a time, and records how many of these mutants the Node tests notice.
 *
 *   npm run mutants                        everything that Node tests import
 *   npm run mutants -- src/http            one folder
 *   npm run mutants -- src/server/node.ts  one file
 *
 * `MUTANTS_CONCURRENCY=1` runs one test process instead of two.
 */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {Stryker} from '@stryker-mutator/core';
import {readTests} from './mutants/import-graph.mjs';
import {folderOf, renderPage} from './mutants/page.mjs';
import {
  formatScore,
  hashSource,
  listSources,
  PAGE,
  readRecord,
  scoresOf,
  sumCounts,
  writeRecord,
} from './mutants/scores.mjs';
import {config} from './mutants/stryker.config.mjs';

const STATUS_COUNTS = {
  Killed: 'killed',
  Timeout: 'timedOut',
  Survived: 'survived',
  NoCoverage: 'noCoverage',
};
const root = path.resolve(import.meta.dirname, '../..');
process.chdir(root);

const tests = await readTests(root);
const imported = tests
  .flatMap(({imports}) => [...imports])
  .filter(file => /^src\/.*\.ts$/.test(file));
const scope = [...new Set([...listSources(root), ...imported])].sort();
const named = process.argv.slice(2).map(name => path.posix.join(name).replace(/\/$/, ''));
const isNamed = file => named.some(name => file === name || file.startsWith(`${name}/`));
const unknown = named.filter(
  name => !scope.some(file => file === name || file.startsWith(`${name}/`)),
);
if (unknown.length > 0) {
  console.error(
    `Neither a file that Node tests import nor a folder of such files: ${unknown.join(', ')}`,
  );
  process.exit(1);
}
const files = scope.filter(file => named.length === 0 || isNamed(file));
for (const folder of new Set(files.map(folderOf))) {
  await measure(
    folder,
    files.filter(file => folderOf(file) === folder),
  );
}

/** Measures files of one folder, and stores their scores at once, so that a run that is stopped keeps what it has measured. */
async function measure(folder, mutated) {
  const startedAt = Date.now();
  const hashes = mutated.map(file => [file, hashSource(readFileSync(file, 'utf8'))]);
  const results = await runStryker(mutated);
  const seconds = Math.round((Date.now() - startedAt) / 1000);

  const record = readRecord(root);
  for (const [file, source] of hashes) {
    const counts = sumCounts([]);
    for (const {fileName, status} of results) {
      if (fileName === path.resolve(file) && STATUS_COUNTS[status])
        counts[STATUS_COUNTS[status]] += 1;
    }
    record.files[file] = {source, ...counts};
  }
  record.files = Object.fromEntries(
    Object.entries(record.files).filter(([file]) => existsSync(file)),
  );
  const whole = scope.filter(file => folderOf(file) === folder).length === mutated.length;
  if (whole) record.seconds[folder] = seconds;
  mkdirSync(path.dirname(PAGE), {recursive: true});
  writeRecord(root, record);
  writeFileSync(PAGE, await renderPage(record));
  print(folder, mutated, record.files, results, seconds);
}

function runStryker(mutated) {
  // Stryker stops at the first test that fails, so the quick tests of single files go before the slow ones of the whole.
  const used = tests
    .filter(({imports}) => mutated.some(file => imports.has(file)))
    .sort((a, b) => a.imports.size - b.imports.size);
  // Stryker's processes read these.
  process.env.MUTANTS_TESTS = JSON.stringify(used.map(({file}) => file));
  process.env.MUTANTS_FILES = JSON.stringify([
    ...new Set(used.flatMap(({imports}) => [...imports])),
  ]);
  const concurrency = Number(process.env.MUTANTS_CONCURRENCY ?? config.concurrency);
  return new Stryker({...config, concurrency, mutate: mutated}).runMutationTest();
}

function print(folder, mutated, recorded, results, seconds) {
  console.log(`\n${folder}, ${seconds} s`);
  const table = mutated.map(file => {
    const {all, covered} = scoresOf(recorded[file]);
    const {source: _source, ...counts} = recorded[file];
    return [file, {...counts, all: formatScore(all), covered: formatScore(covered)}];
  });
  console.table(Object.fromEntries(table));
  for (const {fileName, status, location, mutatorName, replacement} of results) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const {line, column} = location.start;
    const file = path.relative(root, fileName).replaceAll(path.sep, '/');
    const change = `${shorten(textAt(fileName, location))} → ${shorten(replacement)}`;
    console.log(`${status} ${file}:${line}:${column} ${mutatorName}: ${change}`);
  }
}

function shorten(text) {
  return text.replaceAll(/\s+/g, ' ').replace(/^(.{60}).{3,}$/, '$1…');
}

/** The text at a location of Stryker, whose lines and columns count from 1. */
function textAt(file, {start, end}) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join('\n');
}
