import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import prettier from 'prettier';
import {type Figure, toTable} from './figure.js';

const file = path.resolve(import.meta.dirname, '../../../docs/maintainers/reliability.md');
const START = '<!-- figures: npm run reliability writes what follows -->';
const END = '<!-- end of figures -->';

/** Puts the figures, and what they were measured on, between the marks of the document. */
export async function writeDocument(figures: readonly Figure[], seed: number): Promise<void> {
  const [cpu] = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  const wheres = [...new Set(figures.map(({where}) => where))].join(', ');
  const date = new Date().toISOString().slice(0, 10);
  const section = `${START}

Measured ${date} by \`npm run reliability -- --seed ${seed}\` on ${os.platform()} ${os.arch()}, ${os.cpus().length} ×
${cpu!.model.trim()}, ${gigabytes} GB; ${wheres}.

${toTable(figures)}

${END}`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '# Reliability\n';
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1] ?? '\n';
  const whole = rest === undefined ? `${text.trimEnd()}\n\n## Figures\n\n${section}\n` : '';
  const options = await prettier.resolveConfig(file);
  writeFileSync(
    file,
    await prettier.format(whole || `${before}${section}${after}`, {...options, filepath: file}),
  );
}
