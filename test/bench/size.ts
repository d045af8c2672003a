import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {build} from 'esbuild';
import {CDN} from './site.js';
import type {Section} from './report.js';

const root = path.resolve(import.meta.dirname, '../..');
const competitors = path.join(import.meta.dirname, 'competitors');

/** `external`: what its users have anyway, or install beside it. */
interface Entry {
  name: string;
  external?: readonly string[];
}

const OWN: readonly Entry[] = [
  {name: 'meshes-workspace'},
  {name: 'meshes-workspace', external: ['lit', 'zod']},
  {name: 'meshes-workspace/element'},
  {name: 'meshes-workspace/react', external: ['react', 'meshes-workspace']},
  {name: 'meshes-workspace/events'},
  {name: 'meshes-workspace/server'},
  {name: 'meshes-workspace/server', external: ['jose', 'zod']},
  {name: 'meshes-workspace/server/node'},
];

const REACT = ['react', 'react-dom'];

const EMBEDS: readonly Entry[] = [
  {name: '@superset-ui/embedded-sdk'},
  {name: '@looker/embed-sdk'},
  {name: 'powerbi-client'},
  {name: '@luzmo/embed'},
  {name: '@tableau/embedding-api'},
  {name: '@thoughtspot/visual-embed-sdk', external: REACT},
  {name: 'svix-react', external: [...REACT, 'svix']},
];

/** They do one thing of all that an embedding element does. */
const NARROWER: readonly Entry[] = [{name: 'penpal'}, {name: '@iframe-resizer/parent'}];

/** Minified and compressed, everything that an entry exports: what a bundler can leave out depends on the page. */
export async function measureSizes(): Promise<Section[]> {
  const rows: string[][] = [];
  for (const [title, file] of [
    ['CDN file, classic script', CDN.classic],
    ['CDN file, module', CDN.module],
  ] as const) {
    rows.push([title, ...sizes(readFileSync(path.join(root, 'dist/cdn', file)))]);
  }
  for (const entry of OWN) rows.push([titleOf(entry), ...sizes(await bundle(entry, root))]);
  for (const entry of EMBEDS) {
    rows.push([titleOf(entry), ...sizes(await bundle(entry, competitors))]);
  }
  for (const entry of NARROWER) {
    const title = `${titleOf(entry)} (narrower)`;
    rows.push([title, ...sizes(await bundle(entry, competitors))]);
  }
  return [
    {
      title: 'Size',
      text: 'Everything that an entry exports, with its dependencies, bundled and minified by esbuild with the same options; the two CDN files as they are published. Bytes; gzip at level 9, Brotli at quality 11.',
      head: ['entry', 'minified', 'gzipped', 'Brotli'],
      rows,
      goals: [],
      after:
        'penpal (messages between windows) and iframe-resizer (height) do one thing each and are here for orientation. Luzmo’s entry loads more code from its own servers when it runs.',
    },
  ];
}

function titleOf({name, external}: Entry): string {
  return external ? `${name}, without ${external.join(', ')}` : name;
}

function sizes(code: Uint8Array): string[] {
  const compressed = [code, gzipSync(code, {level: 9}), brotliCompressSync(code)];
  return compressed.map(({length}) => length.toLocaleString('en-US'));
}

async function bundle({name, external = []}: Entry, resolveDir: string): Promise<Uint8Array> {
  // By its file: an entry may be asked for without the package that it belongs to.
  const entry =
    resolveDir === root ? JSON.stringify(fileURLToPath(import.meta.resolve(name))) : `'${name}'`;
  // Exports alone would be enough for what has some; an import keeps what has none.
  const contents = `import ${entry}; export * from ${entry};`;
  const {outputFiles} = await build({
    stdin: {contents, resolveDir},
    bundle: true,
    minify: true,
    format: 'esm',
    platform: name.includes('/server') ? 'node' : 'browser',
    target: 'es2022',
    external: [...external],
    // Copyright notices count neither for one nor for the other.
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]!.contents;
}
