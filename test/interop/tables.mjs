/** What a run has found: everything, framework by check, and for the README framework by kind of check. */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {format, resolveConfig} from 'prettier';

const readme = path.resolve(import.meta.dirname, '../../README.md');

/** @typedef {{app: import('./apps.js').App, kind: string, check: string, error?: unknown}} Result */

const markdown = rows =>
  [rows[0], rows[0].map(() => '---'), ...rows.slice(1)]
    .map(row => `| ${row.join(' | ')} |\n`)
    .join('');
const applications = results => [...new Set(results.map(({app}) => app))];

/** @param {readonly Result[]} results */
export function fullTable(results) {
  const apps = applications(results);
  const checks = [...new Set(results.map(({check}) => check))];
  const sign = (app, check) => {
    const result = results.find(candidate => candidate.app === app && candidate.check === check);
    return result ? (result.error === undefined ? '✔' : '✖') : '–';
  };
  return markdown([
    ['', ...apps.map(({title}) => title)],
    ...checks.map(check => [check, ...apps.map(app => sign(app, check))]),
  ]);
}

/**
 * Puts how many checks of each kind have passed into the README's section "Frameworks".
 *
 * @param {readonly Result[]} results
 * @param {readonly string[]} kinds the columns
 */
export async function writeReadme(results, kinds) {
  const count = (app, kind) =>
    results.filter(result => result.app === app && result.kind === kind && !result.error).length;
  const table = markdown([
    ['', ...kinds],
    ...applications(results).map(app => [
      `[${app.title}](docs/frameworks/${app.guide}.md)`,
      ...kinds.map(kind => count(app, kind) || '–'),
    ]),
  ]);
  const text = readFileSync(readme, 'utf8');
  const [before, section, after] = text.split(/(?<=^### Frameworks$)(.*?)(?=^##)/ms);
  if (after === undefined) throw new Error('README.md has no section "Frameworks"');
  const written = `${before}${section.replace(/(^\|.*\n)+/m, table)}${after}`;
  const options = await resolveConfig(readme);
  writeFileSync(readme, await format(written, {...options, filepath: readme}));
}
