import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {installMounts, mountsFolder} from '../mounts/install.mjs';

const root = path.resolve(import.meta.dirname, '../../..');

/** The code blocks of a page that have a `title`, by it. */
export function readSamples(page: string): Map<string, string> {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  const blocks = text.matchAll(/^```\w+ title=(\S+)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

export interface SampleFolder {
  path: string;
  remove: () => void;
}

/**
 * Writes samples to where they find the frameworks, and this package by its name: as an application does, in `dist/`.
 */
export function writeSamples(samples: Iterable<[name: string, code: string]>): SampleFolder {
  installMounts();
  const folder = mkdtempSync(path.join(mountsFolder, 'samples-'));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/meshes-workspace'), 'junction');
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  for (const [name, code] of samples) writeFileSync(path.join(folder, name), code);
  return {path: folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}
