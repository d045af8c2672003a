/** What the tests import and read. */
const COPIED = ['src', 'test', 'demo', 'docs', 'scripts', '*.md', '*.json'];

/** `scripts/measure/mutants.mjs` adds the files to mutate. */
export const config = {
  plugins: [import.meta.resolve('@stryker-mutator/mocha-runner')],
  testRunner: 'mocha',
  mochaOptions: {
    'no-config': true,
    'no-package': true,
    spec: ['scripts/measure/mutants/load-tests.mjs'],
  },
  buildCommand: 'node scripts/measure/mutants/compile.mjs',
  coverageAnalysis: 'perTest',
  // Most strings are the texts of messages, which tests need not repeat. A string that decides something meets a condition, and
  // mutants of conditions count.
  mutator: {excludedMutations: ['StringLiteral']},
  // Constants of modules hold schemas, patterns and limits: the tests have to notice those mutants too, so they count.
  ignoreStatic: false,
  // Does not notice changes outside of the mutated files and the test files, so it could report scores that are not true anymore.
  incremental: false,
  // Tests take milliseconds. The sum of those that cover a mutant, times the factor, comes on top.
  timeoutMS: 3_000,
  timeoutFactor: 2,
  concurrency: 2,
  // The copy is inside the repository, so that Node finds the packages there.
  ignorePatterns: ['/*', ...COPIED.map(entry => `!/${entry}`)],
  symlinkNodeModules: false,
  tempDirName: '.cache/mutants',
  cleanTempDir: 'always',
  reporters: ['progress-append-only'],
  logLevel: 'warn',
  allowConsoleColors: false,
};
