import prettier from 'prettier';
import {
  FILE_FLOOR,
  FOLDERS,
  formatScore,
  PAGE,
  RECORD,
  scoresOf,
  sumCounts,
  TOTAL_FLOOR,
} from './scores.mjs';

/** The text of the page with the recorded scores. */
export async function renderPage({files, seconds}) {
  const folders = [...new Set(Object.keys(files).map(folderOf))].sort();
  const inFloors = Object.keys(files).filter(file => FOLDERS.includes(folderOf(file)));
  const text = [
    '# Mutation scores',
    `\`npm run mutants\` writes this page and \`${RECORD}\`. [CONTRIBUTING.md](../../CONTRIBUTING.md#mutation-testing) explains how to use it.`,
    `A mutant is the source with one small change. The tests notice it if one of them fails or runs into a timeout. The score is the share of mutants
that the Node tests notice. Mutants of string literals do not count. "Covered" are the mutants that at least one Node test runs. The other
mutants are in code that runs only in browsers, in other processes, or not at all.`,
    `Floors, in percent of the covered mutants: ${FILE_FLOOR} % for each file and ${TOTAL_FLOOR} % for all files of ${FOLDERS.map(folder => `\`${folder}\``).join(', ')}.
These folders together: ${formatScore(scoresOf(sumCounts(inFloors.map(file => files[file]))).covered)}.`,
    ...folders.map(folder => renderFolder(folder, files, seconds[folder])),
  ].join('\n\n');
  return prettier.format(text, {...(await prettier.resolveConfig(PAGE)), filepath: PAGE});
}

function renderFolder(folder, files, seconds) {
  const names = Object.keys(files).filter(file => folderOf(file) === folder);
  const floor = FOLDERS.includes(folder) ? '' : ' Not under the floors.';
  const duration = seconds === undefined ? '' : `Measured in ${seconds} s.`;
  return [
    `## ${folder}`,
    `${duration}${floor}`.trim(),
    [
      '| file | source | killed | timed out | survived | not covered | score, all | score, covered |',
      '| --- | --- | --: | --: | --: | --: | --: | --: |',
      ...names
        .sort()
        .map(file => renderRow(`\`${file}\``, `\`${files[file].source}\``, files[file])),
      renderRow('all', '', sumCounts(names.map(name => files[name]))),
    ].join('\n'),
  ].join('\n\n');
}

function renderRow(name, source, counts) {
  const {killed, timedOut, survived, noCoverage} = counts;
  const {all, covered} = scoresOf(counts);
  const cells = [name, source, killed, timedOut, survived, noCoverage];
  return `| ${[...cells, formatScore(all), formatScore(covered)].join(' | ')} |`;
}

export const folderOf = file => file.slice(0, file.lastIndexOf('/'));
