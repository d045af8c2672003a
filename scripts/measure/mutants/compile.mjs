/**
 * Stryker's build command. Compiles the test files, and the files that they import, next to the TypeScript files in Stryker's copy
 * of the repository. Stryker starts a new process after each timeout, and a process that compiles nothing starts faster.
 */
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const nodeTest = fileURLToPath(new URL('node-test.mjs', import.meta.url));

/** Bundles nothing: each file is an entry point, and imports stay as they are. */
const redirectNodeTest = {
  name: 'redirect-node-test',
  setup({onResolve}) {
    onResolve({filter: /./}, ({path: name, kind}) =>
      kind === 'entry-point'
        ? undefined
        : {path: name === 'node:test' ? nodeTest : name, external: true},
    );
  },
};

await build({
  entryPoints: JSON.parse(process.env.MUTANTS_FILES).filter(file => file.endsWith('.ts')),
  bundle: true,
  outdir: '.',
  outbase: '.',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
  plugins: [redirectNodeTest],
});
