/** Packages of Debian and its relatives, for browsers and for languages. */
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';

const isRoot = () => process.getuid?.() === 0;

/** Whether packages can be installed on Debian itself: Ubuntu's browsers only install snaps, which do not run in containers. */
export function isDebianRoot() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return isRoot() && /^ID=debian$/m.test(release);
}

/** Whether packages can be installed at all: as root, or in CI with sudo. */
export function canInstallPackages() {
  return existsSync('/usr/bin/apt-get') && (isRoot() || Boolean(process.env.CI));
}

export function aptInstall(packages) {
  // Not as a variable of this process: sudo would drop it.
  const apt = [...(isRoot() ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive'];
  const [command, ...args] = [...apt, 'apt-get'];
  runCommand(command, [...args, 'update', '-qq']);
  runCommand(command, [...args, 'install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** Runs a command, shows what it writes, and returns whether it succeeded. */
export function runCommand(command, args) {
  console.log(`$ ${command} ${args.join(' ')}`);
  const {status, error} = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    timeout: 10 * 60_000,
  });
  if (status !== 0) console.log(`${command} failed${error ? `: ${error.message}` : ''}`);
  return status === 0;
}
