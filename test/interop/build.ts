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

export const directoryOf = (folder: string): string => path.join(import.meta.dirname, folder);

/** Installs these folders, a few at a time, in this order. One that fails stops no other. Returns the installs by folder. */
export function install(folders: readonly string[]): Map<string, Promise<void>> {
  const running: Promise<void>[] = [];
  return new Map(
    folders.map((folder, index) => {
      const before = running[index - INSTALLS_AT_ONCE]?.catch(() => {});
      const installed = Promise.resolve(before).then(() => installOne(folder));
      // The caller awaits it later, and receives its failure then.
      installed.catch(() => {});
      running[index] = installed;
      return [folder, installed];
    }),
  );
}

async function installOne(folder: string): Promise<void> {
  const path = `test/interop/${folder}`;
  if (existsSync(`${directoryOf(folder)}/package-lock.json`)) await installFramework(path);
  installPackage([path]);
}

/**
 * Runs its script `build`, and `build:checks` where it has one: pages with the development build of the framework, which warns
 * of more.
 */
export async function build(folder: string): Promise<void> {
  const cwd = directoryOf(folder);
  const {scripts} = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [script, env] of [
    ['build', {}],
    ['build:checks', {NODE_ENV: 'development'}],
  ] as const) {
    if (!(script in scripts)) continue;
    try {
      await promisify(execFile)('npm', ['run', '--silent', script], {
        cwd,
        env: {...process.env, ...QUIET, ...env},
        shell: process.platform === 'win32',
        timeout: BUILD_TIMEOUT_MS,
      });
    } catch (error) {
      const {message, stdout, stderr} = error as Error & {stdout: string; stderr: string};
      throw new Error(`"npm run ${script}" failed: ${message}\n${stdout}${stderr}`, {cause: error});
    }
  }
}
