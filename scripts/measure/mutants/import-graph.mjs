/** Which tests can run in a mutation run, and which files they import: derived from the test files. */
import {build} from 'esbuild';
import {listFiles} from '../../files.mjs';

/**
 * A test file that imports one of these, directly or not, is left out. A mutant is active only in the process of the mutation run:
 * a test that starts another process, compiles the source, or imports the built package never meets it.
 */
const OUTSIDE_THE_PROCESS =
  /^(node:(child_process|cluster|worker_threads)|esbuild|rollup|typescript|meshes-workspace(\/.*)?)$/;

/** Tests of endurance and of memory. They take many seconds, and quicker tests cover what they reach. */
const TOO_SLOW = ['test/session/long-run.test.ts', 'test/session/token-memory.test.ts'];

/** The test files that can run in a mutation run, each with itself and all local files that it imports, directly or not. */
export async function readTests(root) {
  const files = listFiles(root, 'test').filter(
    file => file.endsWith('.test.ts') && !TOO_SLOW.includes(file),
  );
  const {metafile} = await build({
    absWorkingDir: root,
    entryPoints: files,
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'unused',
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    plugins: [externalPackages],
  });
  return files
    .map(file => ({file, ...followImports(file, metafile.inputs)}))
    .filter(({packages}) => ![...packages].some(name => OUTSIDE_THE_PROCESS.test(name)))
    .map(({file, imports}) => ({file, imports}));
}

/** Packages stay out of the graph, installed or not. */
const externalPackages = {
  name: 'external-packages',
  setup({onResolve}) {
    onResolve({filter: /^[^./]/}, ({path: name, kind}) =>
      kind === 'entry-point' ? undefined : {path: name, external: true},
    );
  },
};

function followImports(start, inputs) {
  const imports = new Set();
  const packages = new Set();
  const visit = file => {
    if (imports.has(file)) return;
    imports.add(file);
    for (const {path: name, external} of inputs[file].imports) {
      if (external) packages.add(name);
      else visit(name);
    }
  };
  visit(start);
  return {imports, packages};
}
