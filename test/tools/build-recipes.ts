/** Builds the applications of `recipes`, in which the code of the guides runs. */
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {isFrameworkInstalled} from '../support/frameworks.mjs';

export const RECIPES = 'test/tools/recipes';

/** @returns reads a file of the build; undefined if there is no such file */
export async function buildRecipes(): Promise<(file: string) => string | undefined> {
  if (!isFrameworkInstalled(RECIPES)) {
    throw new Error(
      `The packages of the recipes are missing: run "node test/support/frameworks.mjs ${RECIPES}"`,
    );
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-recipes-'));
  process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
  await promisify(execFile)(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder],
    {cwd: path.join(import.meta.dirname, 'recipes'), env: {PATH: process.env.PATH}},
  );
  return file => {
    try {
      return readFileSync(path.join(folder, path.normalize(file)), 'utf8');
    } catch {
      return undefined;
    }
  };
}
