/**
 * Replaces `node:test` in a mutation run. Collects the tests of each file, then hands them to Mocha, so that all tests run
 * in one process and Stryker learns which test covers which mutant.
 *
 * Supports what the tests of this repository use. Anything else fails the first test run, before any mutant runs.
 */
import path from 'node:path';
import {mock} from 'node:test';

/** The suite that receives declarations: a file, or a `describe` in it. */
let current;

const createSuite = (name, options = {}) => ({name, options, hooks: [], entries: []});

/** The arguments of `test(name?, options?, run?)`. */
function readArguments(args) {
  const run = args.find(argument => typeof argument === 'function') ?? (() => {});
  const options = args.find(argument => typeof argument === 'object' && argument !== null) ?? {};
  const name = typeof args[0] === 'string' ? args[0] : run.name || '<anonymous>';
  return {name, options, run};
}

export function test(...args) {
  current.entries.push({test: readArguments(args)});
}

export function describe(...args) {
  const {name, options, run} = readArguments(args);
  const parent = current;
  const suite = createSuite(name, options);
  parent.entries.push({suite});
  current = suite;
  try {
    if (run() instanceof Promise) throw new Error(`describe('${name}') must be synchronous`);
  } finally {
    current = parent;
  }
}

for (const declareAny of [test, describe]) {
  declareAny.skip = (...args) => {
    const {name, options, run} = readArguments(args);
    declareAny(name, {...options, skip: true}, run);
  };
}

const createHook = kind => run => void current.hooks.push({kind, run});
export const before = createHook('before');
export const after = createHook('after');
export const beforeEach = createHook('beforeEach');
export const afterEach = createHook('afterEach');
export {test as it, describe as suite, mock};

/**
 * Imports test files one after another, and returns what each of them declares. A file that cannot be imported becomes a test that
 * fails: a mutant that breaks a module while it loads is a mutant that the tests notice.
 */
export async function collect(files, load) {
  const suites = [];
  for (const file of files) {
    current = createSuite(file);
    suites.push(current);
    try {
      await load(file);
    } catch (error) {
      test('loads', () => {
        throw error;
      });
    } finally {
      current = undefined;
    }
  }
  return suites;
}

/** Declares what `collect()` has returned by Mocha's functions `describe`, `it`, `before` and so on. */
export function declare(suites, mocha) {
  // Mocha names the file that it has loaded. Stryker reports the tests of a file under its name.
  for (const suite of suites) declareSuite(suite, mocha, path.resolve(suite.name));
}

function declareSuite({name, options, hooks, entries}, mocha, file) {
  const declareOne = options.skip ? mocha.describe.skip : mocha.describe;
  declareOne(name, function () {
    if (options.timeout) this.timeout(options.timeout);
    for (const {kind, run} of hooks) mocha[kind](() => run());
    for (const {suite, test} of entries) {
      if (suite) declareSuite(suite, mocha, file);
      else declareTest(test, mocha).file = file;
    }
  });
}

function declareTest({name, options, run}, mocha) {
  const declareOne = options.skip ? mocha.it.skip : mocha.it;
  return declareOne(name, function () {
    if (options.timeout) this.timeout(options.timeout);
    return runIsolated(name, run);
  });
}

/** Like `node:test`, restores mocks after a test, and fails it for a promise that was rejected and that nobody handled. */
async function runIsolated(name, run) {
  const reasons = [];
  const noteReason = reason => reasons.push(reason);
  process.on('unhandledRejection', noteReason);
  try {
    await runTest(name, run);
    // Node reports a rejection after the microtasks of the test.
    await new Promise(resolve => void setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', noteReason);
    mock.reset();
  }
  if (reasons.length > 0) throw new Error('Unhandled rejection', {cause: reasons[0]});
}

/** Runs a test with its context `t`. A subtest runs as a part of its test. */
async function runTest(name, run) {
  const controller = new AbortController();
  const hooks = {after: [], beforeEach: [], afterEach: []};
  const t = {
    name,
    mock,
    signal: controller.signal,
    diagnostic: () => {},
    after: callback => void hooks.after.push(callback),
    beforeEach: callback => void hooks.beforeEach.push(callback),
    afterEach: callback => void hooks.afterEach.push(callback),
    async test(...args) {
      const subtest = readArguments(args);
      if (subtest.options.skip) return;
      for (const callback of hooks.beforeEach) await callback();
      try {
        await runTest(subtest.name, subtest.run);
      } finally {
        for (const callback of hooks.afterEach) await callback();
      }
    },
  };
  try {
    await run(t);
  } finally {
    controller.abort();
    for (const callback of hooks.after) await callback();
  }
}
