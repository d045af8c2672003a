/** Finds the languages that the sample backends in docs/backends are written in, and installs them in CI. */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {aptInstall, canInstallPackages} from './apt.mjs';

/** Debian has the packages for its own Python, which need not be the first one in PATH. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
const findPython = framework =>
  PYTHONS.find(command => succeeds(command, ['-c', `import gunicorn, jwt, ${framework}`]));

const FINDERS = {
  'Python with Flask': {
    packages: ['python3-flask', 'python3-jwt', 'gunicorn'],
    find: () => findPython('flask'),
  },
  'Python with Django': {
    packages: ['python3-django', 'python3-jwt', 'gunicorn'],
    find: () => findPython('django'),
  },
  PHP: {
    packages: ['php-cli', 'php-curl'],
    find: () => findCommand('php', ['-r', 'exit(function_exists("curl_init") ? 0 : 1);']),
  },
  Ruby: {
    packages: ['ruby', 'ruby-rack', 'ruby-jwt', 'puma'],
    find: () => findCommand('ruby', ['-e', 'require "rack"; require "jwt"; require "puma"']),
  },
  Go: {packages: ['golang-go'], find: () => findCommand('go', ['version'])},
};

export const LANGUAGES = Object.keys(FINDERS);

/** The command of a language with the packages of its sample, or `undefined`. */
export const findLanguage = language => FINDERS[language].find();

/** One line for each language that is missing. */
export function missingLanguages() {
  return missing().map(
    language =>
      `${language} is not installed: its sample was not tested. On Debian: apt-get install -y ${FINDERS[language].packages.join(' ')}`,
  );
}

/** Installs what is missing, where packages can be installed. Look with {@link missingLanguages} for what came of it. */
export function installLanguages() {
  const packages = missing().flatMap(language => FINDERS[language].packages);
  if (packages.length > 0 && canInstallPackages()) aptInstall([...new Set(packages)]);
}

const missing = () => LANGUAGES.filter(language => !findLanguage(language));
const findCommand = (command, args) => (succeeds(command, args) ? command : undefined);

function succeeds(command, args) {
  if (command.startsWith('/') && !existsSync(command)) return false;
  return spawnSync(command, args, {stdio: 'ignore', timeout: 60_000}).status === 0;
}
