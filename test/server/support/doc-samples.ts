import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** The code blocks of a page of docs/ that have a `title`, by it. */
export const readSamples = (page: string) => readSamplesOf(`docs/${page}`);

export function readSamplesOf(file: string): Map<string, string> {
  const text = readFileSync(path.join(root, file), 'utf8');
  const blocks = text.matchAll(/^```\w+ title=(\S+)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

export interface SampleFolder {
  path: string;
  remove: () => void;
}

/**
 * Writes samples to where they find this package by its name: as an application does, in `dist/`.
 *
 * @param parent a folder to write into, with the packages that the samples need
 */
export function writeSamples(
  samples: Iterable<[name: string, code: string]>,
  parent = path.join(root, '.cache'),
): SampleFolder {
  mkdirSync(parent, {recursive: true});
  const folder = mkdtempSync(path.join(parent, 'samples-'));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/meshes-workspace'), 'junction');
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  for (const [name, code] of samples) writeFileSync(path.join(folder, name), code);
  return {path: folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}
