/** Installs an application and builds it with its own tool. */
import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {installFramework, installPackage} from '../support/frameworks.mjs';

const INSTALLS_AT_ONCE = 2;
const BUILD_TIMEOUT_MS = 5 * 60_000;
const QUIET = {
  ASTRO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
};

export const directoryOf = folder => path.join(import.meta.dirname, folder);

/**
 * Installs these folders, a few at a time, in this order. One that fails stops no other.
 *
 * @returns {Map<string, Promise<void>>} by folder
 */
export function install(folders) {
  const running = [];
  return new Map(
    folders.map((folder, index) => {
      const before = running[index - INSTALLS_AT_ONCE]?.catch(() => {});
      running[index] = Promise.resolve(before).then(() => installOne(folder));
      // Whoever asks for it hears of its failure, which may be later.
      running[index].catch(() => {});
      return [folder, running[index]];
    }),
  );
}

async function installOne(folder) {
  const path = `test/interop/${folder}`;
  if (existsSync(`${directoryOf(folder)}/package-lock.json`)) await installFramework(path);
  installPackage([path]);
}

/**
 * Runs its script `build`, and `build:checks` where it has one: pages with the development build of the framework, which warns
 * of more.
 */
export async function build(folder) {
  const cwd = directoryOf(folder);
  const {scripts} = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8'));
  for (const [script, env] of [
    ['build', {}],
    ['build:checks', {NODE_ENV: 'development'}],
  ]) {
    if (!(script in scripts)) continue;
    try {
      await promisify(execFile)('npm', ['run', '--silent', script], {
        cwd,
        env: {...process.env, ...QUIET, ...env},
        shell: process.platform === 'win32',
        timeout: BUILD_TIMEOUT_MS,
      });
    } catch (error) {
      const {message, stdout, stderr} = error;
      throw new Error(`"npm run ${script}" failed: ${message}\n${stdout}${stderr}`, {cause: error});
    }
  }
}
