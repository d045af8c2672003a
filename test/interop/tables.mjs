/** The results of a run: every check of each framework, and how many checks of each kind passed. */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {format, resolveConfig} from 'prettier';

const file = path.resolve(import.meta.dirname, '../../docs/maintainers/frameworks.md');

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
 * Writes how many checks of each kind have passed into docs/maintainers/frameworks.md.
 *
 * @param {readonly Result[]} results
 * @param {readonly string[]} kinds the columns
 */
export async function writeCounts(results, kinds) {
  const count = (app, kind) =>
    results.filter(result => result.app === app && result.kind === kind && !result.error).length;
  const table = markdown([
    ['', ...kinds],
    ...applications(results).map(app => [
      `[${app.title}](../frameworks/${app.guide}.md)`,
      ...kinds.map(kind => count(app, kind) || '–'),
    ]),
  ]);
  const written = readFileSync(file, 'utf8').replace(/(^\|.*\n)+/m, table);
  const options = await resolveConfig(file);
  writeFileSync(file, await format(written, {...options, filepath: file}));
}
