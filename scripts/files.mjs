import {readdirSync} from 'node:fs';
import path from 'node:path';

/** Every file below `folder`, as a path from `root` with forward slashes, sorted. */
export function listFiles(root, folder) {
  return readdirSync(path.join(root, folder), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() && !entry.parentPath.split(path.sep).includes('node_modules'))
    .map(entry => path.relative(root, path.join(entry.parentPath, entry.name)))
    .map(file => file.replaceAll(path.sep, '/'))
    .sort();
}
