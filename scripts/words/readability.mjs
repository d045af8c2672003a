/**
 * `npm run words`: words, long sentences, and Flesch reading ease (higher is easier) of the documents for users, beside those of 0.1.0.
 *
 *   npm run words -- --at <commit>   measures the documents of a commit
 */
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {measure} from './prose.mjs';

/** Version 0.1.0: `npm run words -- --at 74ca902`. */
const RELEASED = {words: 21_376, proseWords: 9162, sentences: 806, over25: 49, readingEase: 83};
/** Moved to docs/maintainers after 0.1.0. */
const FOR_MAINTAINERS = /^docs\/(benchmarks|reliability)\.md$/;

const {values} = parseArgs({options: {at: {type: 'string'}}});
const git = (...args) => execFileSync('git', args, {encoding: 'utf8', maxBuffer: 2 ** 26});
const list = values.at ? ['ls-tree', '-r', '--name-only', values.at] : ['ls-files'];
const files = git(...list)
  .split('\n')
  .filter(file => /^(README|docs\/(frameworks\/)?[\w-]+)\.md$/.test(file))
  .filter(file => !FOR_MAINTAINERS.test(file));
const read = file => (values.at ? git('show', `${values.at}:${file}`) : readFileSync(file, 'utf8'));
const texts = files.map(read);

const COLUMNS = ['words', 'proseWords', 'sentences', 'over25', 'readingEase'];
const row = (name, cells) =>
  console.log(name.padEnd(30) + cells.map(cell => String(cell).padStart(13)).join(''));
const rowOf = (name, measures) =>
  row(
    name,
    COLUMNS.map(column => measures[column]),
  );

row('', ['words', 'of prose', 'sentences', 'over 25 words', 'reading ease']);
files.forEach((file, index) => rowOf(file, measure(texts[index])));
rowOf('All', measure(texts.join('\n\n')));
if (!values.at) rowOf('All of 0.1.0', RELEASED);
