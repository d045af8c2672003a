/** What the arguments of `npm test` say. */
import {parseArgs} from 'node:util';
import path from 'node:path';

/** The parts of the tests, and the files of each. */
const FILES = {
  node: /\.test\.ts$/,
  browser: /\.browser\.ts$/,
  e2e: /(\.spec\.ts|\/webkit-main-path\.mjs)$/,
};
const PARTS = Object.keys(FILES);
const EXAMPLE = 'npm test -- node --watch';

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} allFiles the files below test/, from the root of the project
 * @throws Error that says what is wrong with the arguments
 */
export function readOptions(args, allFiles) {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'test-name': {type: 'string', short: 't'},
      'no-build': {type: 'boolean', default: false},
      watch: {type: 'boolean', default: false},
      debug: {type: 'boolean', default: false},
    },
  });
  const {'test-name': name, 'no-build': noBuild, watch, debug} = values;
  if (name === '') throw new Error('-t needs the title of a test, or a part of it.');
  if (watch && debug) throw new Error('--watch and --debug cannot be combined.');

  const named = PARTS.filter(part => positionals.includes(part));
  const paths = positionals
    .filter(argument => !PARTS.includes(argument))
    .map(argument => path.posix.join(argument).replace(/\/$/, ''));
  const isWithin = folder => file => file === folder || file.startsWith(`${folder}/`);
  const testFiles = allFiles.filter(file =>
    Object.values(FILES).some(pattern => pattern.test(file)),
  );
  const unknown = paths.filter(folder => !testFiles.some(isWithin(folder)));
  if (unknown.length > 0) {
    throw new Error(
      `Neither a part (${PARTS.join(', ')}) nor a test file or folder: ${unknown.join(', ')}`,
    );
  }
  const selected = testFiles.filter(
    file => paths.length === 0 || paths.some(folder => isWithin(folder)(file)),
  );
  const filesOf = part => selected.filter(file => FILES[part].test(file));
  const candidates = named.length > 0 ? named : PARTS;
  const parts = candidates.filter(part => paths.length === 0 || filesOf(part).length > 0);
  if (parts.length === 0) {
    throw new Error(`No ${named.join(' or ')} test is in ${paths.join(', ')}.`);
  }
  const files = Object.fromEntries(
    PARTS.map(part => [part, parts.includes(part) ? filesOf(part) : []]),
  );

  const mode = watch ? 'watch' : debug ? 'debug' : 'run';
  if (mode !== 'run' && parts.length > 1) {
    throw new Error(
      `--${mode} takes one part at a time, not ${parts.join(', ')}. For example: ${EXAMPLE}`,
    );
  }
  if (watch && parts[0] === 'e2e') {
    throw new Error('Playwright cannot watch files. To step through a test, use --debug.');
  }
  if (debug && parts[0] === 'node' && files.node.length !== 1) {
    throw new Error('--debug takes one test file of Node at a time. Name the file.');
  }
  return {parts, files, build: !noBuild, name, mode};
}

/** A pattern for this text alone. */
export const escapePattern = text => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
