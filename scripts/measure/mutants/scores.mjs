/** The recorded scores: what is in scope, what is stored, which floors hold. */
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {transformSync} from 'esbuild';
import {listFiles} from '../../files.mjs';

export const RECORD = 'docs/maintainers/mutants.json';
export const PAGE = 'docs/maintainers/mutants.md';

/** The folders whose files have to reach the floors. The scores of other files that Node tests import are recorded as well. */
export const FOLDERS = ['src/events', 'src/frame', 'src/http', 'src/server', 'src/session'];
/** In percent of the mutants that a test runs. */
export const FILE_FLOOR = 90;
export const TOTAL_FLOOR = 96;

/** The files that must have a recorded score. */
export const listSources = root =>
  FOLDERS.flatMap(folder => listFiles(root, folder)).filter(file => /(?<!\.d)\.ts$/.test(file));

/** Identifies the code of a file. Comments, types and formatting do not count. */
export function hashSource(code) {
  const {code: normalized} = transformSync(code.replaceAll('\r\n', '\n'), {
    loader: 'ts',
    minifyWhitespace: true,
    legalComments: 'none',
  });
  return createHash('sha256').update(normalized).digest('hex').slice(0, 12);
}

/** `{files: {[file]: {source, killed, timedOut, survived, noCoverage}}, seconds: {[folder]: number}}` */
export function readRecord(root) {
  const file = path.join(root, RECORD);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {files: {}, seconds: {}};
}

export function writeRecord(root, {files, seconds}) {
  const sort = entries =>
    Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({files: sort(files), seconds: sort(seconds)}, null, 2);
  writeFileSync(path.join(root, RECORD), `${text}\n`);
}

/** The share of mutants that the tests noticed, in percent: of all, and of those that a test runs. `undefined` without any. */
export function scoresOf({killed, timedOut, survived, noCoverage}) {
  const noticed = killed + timedOut;
  const percent = total => (total === 0 ? undefined : (100 * noticed) / total);
  return {
    all: percent(noticed + survived + noCoverage),
    covered: percent(noticed + survived),
  };
}

export const sumCounts = counts =>
  counts.reduce(
    (sum, {killed, timedOut, survived, noCoverage}) => ({
      killed: sum.killed + killed,
      timedOut: sum.timedOut + timedOut,
      survived: sum.survived + survived,
      noCoverage: sum.noCoverage + noCoverage,
    }),
    {killed: 0, timedOut: 0, survived: 0, noCoverage: 0},
  );

export const formatScore = score => (score === undefined ? '–' : `${score.toFixed(1)} %`);

/**
 * Compares the record with the files in scope.
 *
 * @param files the recorded counts by file
 * @param sources the hash of each file in scope, by file
 */
export function checkScores(files, sources) {
  const errors = [];
  const warnings = [];
  for (const [file, source] of Object.entries(sources)) {
    const counts = files[file];
    if (!counts) {
      errors.push(`${file} has no recorded score. Run: npm run mutants -- ${file}`);
      continue;
    }
    const {covered} = scoresOf(counts);
    if (covered < FILE_FLOOR) {
      errors.push(
        `${file} scores ${formatScore(covered)}, below ${FILE_FLOOR} %. To list the survivors, run: npm run mutants -- ${file}`,
      );
    }
    if (counts.source !== source) {
      warnings.push(`${file} has changed since its score was recorded.`);
    }
  }
  const {covered} = scoresOf(sumCounts(Object.keys(sources).flatMap(file => files[file] ?? [])));
  if (covered < TOTAL_FLOOR) {
    errors.push(`All files together score ${formatScore(covered)}, below ${TOTAL_FLOOR} %.`);
  }
  return {errors, warnings};
}
