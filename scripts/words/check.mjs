/**
 * `npm run check:words`: terms that the documents and the comments in the code do not use (terms.json, by textlint), and sentences
 * over 30 words.
 *
 *   npm run check:words -- docs/users.md   only these files
 */
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {createLinter, loadTextlintrc} from 'textlint';
import {commentsOf} from './comments.mjs';
import {longSentences} from './prose.mjs';

const MOST_WORDS = 30;
/** Pages that programs write. */
const EXEMPT = /^docs\/maintainers\/(benchmarks|mutants|reliability|frameworks)\.md$/;

const {positionals} = parseArgs({allowPositionals: true});
const all = execFileSync('git', ['ls-files'], {encoding: 'utf8'});
const checked = all
  .split('\n')
  .filter(file => /^(\w+|docs\/.+)\.md$|^(src|demo|test|scripts)\/.+\.m?ts$|\.mjs$/.test(file))
  .filter(file => !EXEMPT.test(file));
const files = positionals.length > 0 ? positionals : checked;

const descriptor = await loadTextlintrc({
  configFilePath: path.join(import.meta.dirname, 'terms.json'),
});
const linter = createLinter({descriptor});

/** The findings of a document, or of the comments of a source file. */
async function findingsOf(file) {
  const content = readFileSync(file, 'utf8');
  const markdown = file.endsWith('.md') ? content : commentsOf(content);
  const {messages} = await linter.lintText(markdown, path.resolve('words.md'));
  return [
    ...messages.map(({line, message}) => `${file}:${line}: ${message}`),
    ...longSentences(markdown, MOST_WORDS).map(
      ({line, words, sentence}) =>
        `${file}:${line}: A sentence of ${words} words (at most ${MOST_WORDS}): ${sentence}`,
    ),
  ];
}

const findings = (await Promise.all(files.map(findingsOf))).flat().sort();

if (findings.length === 0) console.log(`The words of ${files.length} files are clean`);
else {
  console.error(`${findings.join('\n')}\n\n${findings.length} findings`);
  process.exitCode = 1;
}
