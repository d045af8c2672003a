/**
 * `npm run check:size`: what a page or a server loads, minified and compressed, compared with the sizes in
 * scripts/size-baseline.json. Fails if a size is more than 2 % over its baseline. Reads dist/.
 *
 *   npm run size               builds dist/ first
 *   npm run size -- --accept   records the measured sizes as the new baseline
 */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {build} from 'esbuild';

const BASELINE = path.join(import.meta.dirname, 'size-baseline.json');
const HEADROOM = 0.02;
const ACCEPT = 'npm run size -- --accept';

/** `external`: packages that the app brings itself, or that have an entry of their own here. */
const ENTRIES = [
  {name: 'CDN file, classic', file: 'dist/cdn/meshes-workspace.iife.min.js'},
  {name: 'CDN file, module', file: 'dist/cdn/meshes-workspace.min.js'},
  {name: 'Early script', file: 'dist/cdn/early.min.js'},
  {name: 'Instant', file: 'dist/cdn/instant.min.js'},
  {name: 'Element, own code', entry: 'dist/define.js', external: ['lit']},
  {name: 'React, own code', entry: 'dist/react.js', external: ['react', 'meshes-workspace']},
  {name: 'Events client', entry: 'dist/events/index.js', external: []},
  {name: 'Server, own code', entry: 'dist/server/index.js', external: ['jose', 'zod']},
];

const COMPRESSIONS = {
  gzip: code => gzipSync(code, {level: 9}).length,
  brotli: code => brotliCompressSync(code).length,
};

/**
 * Compares sizes with their baseline. Both have the form `{[entry]: {[compression]: bytes}}`.
 *
 * @returns the lines to print, and what is wrong
 */
export function compareSizes(sizes, baseline) {
  const lines = [];
  const errors = [];
  for (const [name, measured] of Object.entries(sizes)) {
    const cells = Object.entries(measured).map(([compression, size]) => {
      const accepted = baseline[name]?.[compression];
      const shown = `${compression} ${format(size).padStart(6)}`;
      if (accepted === undefined) {
        errors.push(`${name} has no ${compression} baseline. To record one, run: ${ACCEPT}`);
        return `${shown} (new)`;
      }
      if (size > accepted * (1 + HEADROOM)) {
        errors.push(
          `${name} is ${format(size)} bytes (${compression}), more than ${HEADROOM * 100} % over its baseline of ${format(accepted)}.`,
        );
      }
      const difference = size - accepted;
      return `${shown} (${`${difference > 0 ? '+' : ''}${format(difference)}`.padStart(6)})`;
    });
    lines.push([name.padEnd(18), ...cells].join('  '));
  }
  for (const name of Object.keys(baseline).filter(name => !(name in sizes))) {
    errors.push(`${name} has a baseline, but is not measured. To remove it, run: ${ACCEPT}`);
  }
  return {lines, errors};
}

const format = bytes => bytes.toLocaleString('en');

async function measure() {
  const sizes = {};
  for (const {name, ...source} of ENTRIES) {
    const code = source.file ? readFileSync(source.file) : await bundle(source);
    sizes[name] = Object.fromEntries(
      Object.entries(COMPRESSIONS).map(([compression, sizeOf]) => [compression, sizeOf(code)]),
    );
  }
  return sizes;
}

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

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  const {values} = parseArgs({options: {accept: {type: 'boolean', default: false}}});
  const sizes = await measure();
  const {lines, errors} = compareSizes(sizes, JSON.parse(readFileSync(BASELINE, 'utf8')));
  console.log(lines.join('\n'));
  if (values.accept) {
    writeFileSync(BASELINE, `${JSON.stringify(sizes, null, 2)}\n`);
    console.log(`Recorded as the new baseline in ${path.relative('', BASELINE)}`);
  } else if (errors.length > 0) {
    console.error(
      `\n${errors.join('\n')}\nIf the growth is intended, record it as the new baseline: ${ACCEPT}`,
    );
    process.exitCode = 1;
  }
}
