/** `npm run check:size`: what a page or a server loads, minified and gzipped, against its budget. Reads dist/. */
import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {build} from 'esbuild';

/** Limits in bytes: what is reached, with little room, so that growth is seen. `external` names what is left out because its users bring it along or it is measured elsewhere. */
const BUDGETS = [
  {name: 'CDN file, classic', file: 'dist/cdn/meshes-workspace.iife.min.js', limit: 24_500},
  {name: 'CDN file, module', file: 'dist/cdn/meshes-workspace.min.js', limit: 24_500},
  {name: 'Element, own code', entry: 'dist/define.js', external: ['lit'], limit: 19_000},
  {
    name: 'React, own code',
    entry: 'dist/react.js',
    external: ['react', 'meshes-workspace'],
    limit: 1_200,
  },
  {name: 'Events client', entry: 'dist/events/index.js', external: [], limit: 4_600},
  {
    name: 'Server, own code',
    entry: 'dist/server/index.js',
    external: ['jose', 'zod'],
    limit: 10_200,
  },
];

async function bundle({entry, external}) {
  const {outputFiles} = await build({
    entryPoints: [entry],
    external: external.flatMap(name => [name, `${name}/*`]),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].contents;
}

let exceeded = false;
for (const budget of BUDGETS) {
  const code = budget.file ? readFileSync(budget.file) : await bundle(budget);
  const size = gzipSync(code, {level: 9}).length;
  const fits = size <= budget.limit;
  exceeded ||= !fits;
  const figures = [size, budget.limit].map(bytes => bytes.toLocaleString('en').padStart(7));
  console.log(`${fits ? '✔' : '✖'} ${budget.name.padEnd(18)} ${figures.join(' of ')} bytes`);
}
process.exitCode = exceeded ? 1 : 0;
