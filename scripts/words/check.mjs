/**
 * `npm run check:words`: terms that the documents do not use (terms.json, by textlint), and sentences over 30 words.
 *
 *   npm run check:words -- docs/users.md   only these files
 */
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {createLinter, loadTextlintrc} from 'textlint';
import {longSentences} from './prose.mjs';

const MOST_WORDS = 30;
/** Pages that programs write, and records, which stay as they were decided. */
const EXEMPT = /^docs\/maintainers\/((benchmarks|mutants|reliability|frameworks)\.md$|decisions\/)/;

const {positionals} = parseArgs({allowPositionals: true});
const all = execFileSync('git', ['ls-files', '*.md', 'docs'], {encoding: 'utf8'}).split('\n');
const documents = all
  .filter(file => /^(\w+|docs\/.+)\.md$/.test(file))
  .filter(file => !EXEMPT.test(file));
const files = positionals.length > 0 ? positionals : [...new Set(documents)];

const descriptor = await loadTextlintrc({
  configFilePath: path.join(import.meta.dirname, 'terms.json'),
});
const results = await createLinter({descriptor}).lintFiles(files);
const findings = [
  ...results.flatMap(({filePath, messages}) =>
    messages.map(({line, message}) => `${path.relative('', filePath)}:${line}: ${message}`),
  ),
  ...files.flatMap(file =>
    longSentences(readFileSync(file, 'utf8'), MOST_WORDS).map(
      ({line, words, sentence}) =>
        `${file}:${line}: A sentence of ${words} words (at most ${MOST_WORDS}): ${sentence}`,
    ),
  ),
].sort();

if (findings.length === 0) console.log(`The words of ${files.length} documents are clean`);
else {
  console.error(`${findings.join('\n')}\n\n${findings.length} findings`);
  process.exitCode = 1;
}
