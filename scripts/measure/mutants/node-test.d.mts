import type * as nodeTest from 'node:test';

export const test: typeof nodeTest.test;
export const it: typeof nodeTest.it;
export const describe: typeof nodeTest.describe;
export const suite: typeof nodeTest.suite;
export const before: typeof nodeTest.before;
export const after: typeof nodeTest.after;
export const beforeEach: typeof nodeTest.beforeEach;
export const afterEach: typeof nodeTest.afterEach;
export const mock: typeof nodeTest.mock;

/** What a test file declares. */
export interface CollectedSuite {
  name: string;
}

export function collect(
  files: readonly string[],
  load: (file: string) => unknown,
): Promise<CollectedSuite[]>;

export function declare(suites: readonly CollectedSuite[], mocha: Mocha.MochaGlobals): void;
