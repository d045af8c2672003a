/** Mutation runs hand the tests to Mocha: `scripts/measure/mutants/node-test.mjs` replaces `node:test` there. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import Mocha from 'mocha';
import * as shim from '../../scripts/measure/mutants/node-test.mjs';

interface Outcome {
  title: string;
  state: 'failed' | 'passed' | 'pending';
  file: string | undefined;
  error?: unknown;
}

/** Runs what `load` declares as the file `test/example.test.ts`. */
async function run(load: () => unknown): Promise<Outcome[]> {
  const suites = await shim.collect(['test/example.test.ts'], load);
  const outcomes: Outcome[] = [];
  class Collector extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      const note = (state: Outcome['state']) => (test: Mocha.Test, error?: unknown) => {
        const {file} = test;
        outcomes.push({title: test.title, state, file, ...(error === undefined ? {} : {error})});
      };
      runner.on('pass', note('passed'));
      runner.on('fail', note('failed'));
      runner.on('pending', note('pending'));
    }
  }
  const mocha = new Mocha({reporter: Collector, timeout: 0});
  const functions = {} as Mocha.MochaGlobals;
  mocha.suite.emit('pre-require', functions, '', mocha);
  shim.declare(suites, functions);
  await new Promise(resolve => void mocha.run(resolve));
  mocha.dispose();
  return outcomes;
}

const states = (outcomes: Outcome[]) => outcomes.map(({title, state}) => `${title}: ${state}`);

test('runs hooks around the tests of their suite, in the order of node:test', async () => {
  const calls: string[] = [];
  await run(() => {
    shim.before(() => void calls.push('before file'));
    shim.after(() => void calls.push('after file'));
    shim.test('one', () => void calls.push('one'));
    shim.describe('suite', () => {
      shim.before(() => void calls.push('before suite'));
      shim.beforeEach(() => void calls.push('before each'));
      shim.afterEach(() => void calls.push('after each'));
      shim.it('two', () => void calls.push('two'));
      shim.it('three', () => void calls.push('three'));
    });
  });
  assert.deepEqual(calls, [
    'before file',
    'one',
    'before suite',
    'before each',
    'two',
    'after each',
    'before each',
    'three',
    'after each',
    'after file',
  ]);
});

test('reports a test that throws and a test that rejects as failed, and the others as passed', async () => {
  const outcomes = await run(() => {
    shim.test('passes', () => {});
    shim.test('throws', () => {
      throw new Error('thrown');
    });
    shim.test('rejects', () => Promise.reject(new Error('rejected')));
  });
  assert.deepEqual(states(outcomes), ['passes: passed', 'throws: failed', 'rejects: failed']);
});

test('reports each test under the test file that declares it', async () => {
  const [outcome] = await run(() => {
    shim.describe('suite', () => void shim.test('passes', () => {}));
  });
  assert.equal(outcome?.file, path.resolve('test/example.test.ts'));
});

test('collects tests that a file declares after a top-level await', async () => {
  const outcomes = await run(async () => {
    await Promise.resolve();
    shim.test('passes', () => {});
  });
  assert.deepEqual(states(outcomes), ['passes: passed']);
});

test('fails a test if one of its subtests fails', async () => {
  const outcomes = await run(() => {
    shim.test('parent', async t => {
      await t.test('child', () => assert.fail('child'));
    });
  });
  assert.deepEqual(states(outcomes), ['parent: failed']);
});

test('runs subtests with their hooks, and cleanup functions after the test', async () => {
  const calls: string[] = [];
  await run(() => {
    shim.test('parent', async t => {
      t.after(() => void calls.push('after parent'));
      t.beforeEach(() => void calls.push('before each'));
      t.afterEach(() => void calls.push('after each'));
      await t.test('child', child => {
        child.after(() => void calls.push('after child'));
        calls.push('child');
      });
    });
  });
  assert.deepEqual(calls, ['before each', 'child', 'after child', 'after each', 'after parent']);
});

test('restores mocks after each test', async () => {
  const target = {method: () => 'original'};
  const results: string[] = [];
  await run(() => {
    shim.test('mocks by its context', t => {
      t.mock.method(target, 'method', () => 'mocked');
      results.push(target.method());
    });
    shim.test('mocks by the module', () => {
      results.push(target.method());
      shim.mock.method(target, 'method', () => 'mocked');
    });
    shim.test('sees no mock', () => void results.push(target.method()));
  });
  assert.deepEqual(results, ['mocked', 'original', 'original']);
});

test('fails a test for a rejection that nothing handles', async () => {
  // The runner of this test would report the rejection as its own.
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  try {
    const reason = new Error('nobody waits');
    const [first, second] = await run(() => {
      shim.test('leaves a rejection', () => void Promise.reject(reason));
      shim.test('follows', () => {});
    });
    assert.equal(first?.state, 'failed');
    assert.equal((first.error as Error).cause, reason);
    assert.equal(second?.state, 'passed');
  } finally {
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
});

test('leaves no listener on the process', async () => {
  const before = process.listenerCount('unhandledRejection');
  await run(() => void shim.test('passes', () => {}));
  assert.equal(process.listenerCount('unhandledRejection'), before);
});

test('turns a file that cannot be imported into a failing test', async () => {
  const outcomes = await run(() => {
    throw new Error('broken module');
  });
  assert.deepEqual(states(outcomes), ['loads: failed']);
  assert.match(String(outcomes[0]?.error), /broken module/);
});

test('rejects an asynchronous suite, whose tests would be lost', async () => {
  const outcomes = await run(() => {
    void shim.describe('suite', () => Promise.resolve());
  });
  assert.match(String(outcomes[0]?.error), /describe\('suite'\) must be synchronous/);
});

test('honors the options skip and timeout', async () => {
  const outcomes = await run(() => {
    shim.test('is skipped', {skip: true}, () => assert.fail());
    void shim.test.skip('is skipped too', () => assert.fail());
    shim.describe('suite', {timeout: 1}, () => {
      shim.test('never ends', () => new Promise(() => {}));
    });
  });
  assert.deepEqual(states(outcomes), [
    'is skipped: pending',
    'is skipped too: pending',
    'never ends: failed',
  ]);
});
