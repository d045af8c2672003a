import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {build} from 'esbuild';
import {bundleScript, CDN} from './site.js';
import {atMost, type Goal, type Section} from './report.js';

const root = path.resolve(import.meta.dirname, '../../..');
const competitors = path.join(import.meta.dirname, 'competitors');

/** `external`: what its users have anyway, or install beside it. */
interface Entry {
  name: string;
  external?: readonly string[];
  /** Bytes, gzipped, that it should not exceed. */
  limit?: number;
}

const OWN: readonly Entry[] = [
  {name: 'meshes-workspace'},
  {name: 'meshes-workspace', external: ['lit'], limit: 7_000},
  {name: 'meshes-workspace/element'},
  {name: 'meshes-workspace/react', external: ['react', 'meshes-workspace']},
  {name: 'meshes-workspace/events', limit: 2_500},
  {name: 'meshes-workspace/server'},
  {name: 'meshes-workspace/server', external: ['jose', 'zod'], limit: 6_000},
  {name: 'meshes-workspace/server/node'},
];

const REACT = ['react', 'react-dom'];

const EMBEDS: readonly Entry[] = [
  {name: '@stripe/stripe-js'},
  {name: '@superset-ui/embedded-sdk'},
  {name: '@looker/embed-sdk'},
  {name: 'powerbi-client'},
  {name: '@luzmo/embed'},
  {name: '@tableau/embedding-api'},
  {name: '@thoughtspot/visual-embed-sdk', external: REACT},
  {name: 'svix-react', external: [...REACT, 'svix']},
];

/** Files as they are published, and their limits in bytes: of gzip; of gzip and of Brotli as in 0.1.0. */
const FILES = [
  {title: 'CDN file, classic script', file: CDN.classic, limit: 18_000, before: [24_452, 21_937]},
  {title: 'CDN file, module', file: CDN.module, limit: 18_000},
  {title: 'early.min.js', file: 'early.min.js', limit: 700},
  {title: 'instant.min.js', file: 'instant.min.js'},
] as const;

/** The parts of the element's entry, by the first that matches a file's path. */
const PARTS: readonly [name: string, pattern: RegExp][] = [
  ['Lit', /node_modules\/(@lit|lit)/],
  ['views: CSS, templates, texts', /element\/(styles|views|strings)\./],
  ['the element: attributes, settings, frame, focus, events', /element\//],
  ['a session: states, tokens, timers', /session\//],
  ['requests and retries', /http\//],
  ['messages and origins', /frame\//],
  ['errors', /errors\./],
];

/** They do one thing of all that an embedding element does. */
const NARROWER: readonly Entry[] = [{name: 'penpal'}, {name: '@iframe-resizer/parent'}];

/** Minified and compressed, everything that an entry exports: what a bundler can leave out depends on the page. */
export async function measureSizes(): Promise<Section[]> {
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const {title, file, ...limits} of FILES) {
    const code = readFileSync(path.join(root, 'dist/cdn', file));
    rows.push([title, ...sizes(code)]);
    if ('limit' in limits) {
      goals.push(atMost(`${title}: bytes, gzipped`, gzipped(code), limits.limit));
    }
    if ('before' in limits) {
      const [gzip, brotli] = limits.before;
      goals.push(
        atMost(`${title}: bytes, gzipped, no larger than 0.1.0`, gzipped(code), gzip),
        atMost(`${title}: bytes, Brotli, no larger than 0.1.0`, compressed(code), brotli),
      );
    }
  }
  const handWritten = Buffer.from(await bundleScript('pages/quickstart.ts'));
  rows.push(['hand-written code', ...sizes(handWritten)]);
  for (const entry of OWN) {
    const {contents} = await bundle(entry, root);
    const title = titleOf(entry);
    rows.push([title, ...sizes(contents)]);
    if (entry.limit) goals.push(atMost(`${title}: bytes, gzipped`, gzipped(contents), entry.limit));
  }
  for (const entry of EMBEDS) {
    rows.push([titleOf(entry), ...sizes((await bundle(entry, competitors)).contents)]);
  }
  for (const entry of NARROWER) {
    const title = `${titleOf(entry)} (narrower)`;
    rows.push([title, ...sizes((await bundle(entry, competitors)).contents)]);
  }
  return [
    {
      title: 'Size',
      text: 'Everything that an entry exports, with its dependencies, bundled and minified by esbuild with the same options; the files of the CDN as they are published. Hand-written code is that of the quickstart, which shows the frame, posts the token, and applies the height. Bytes; gzip at level 9, Brotli at quality 11.',
      head: ['entry', 'minified', 'gzipped', 'Brotli'],
      rows,
      goals,
      after:
        'penpal (messages between windows) and iframe-resizer (height) do one thing each and are here for orientation. Luzmo’s entry loads more code from its own servers when it runs. Stripe’s is a loader, too: what it loads is at `js.stripe.com` only, and its size is not measured here. What it would take to get under the limits that are missed is in [decision 12](decisions/0012-size.md).',
    },
    await parts(),
  ];
}

async function parts(): Promise<Section> {
  const {inputs} = await bundle({name: 'meshes-workspace'}, root);
  const sum = (bytes: number[]) => bytes.reduce((total, each) => total + each, 0);
  const all = sum(Object.values(inputs));
  const left = new Map(Object.entries(inputs));
  const rows = PARTS.map(([name, pattern]) => {
    const files = [...left.keys()].filter(file => pattern.test(file));
    const bytes = sum(files.map(file => left.get(file)!));
    for (const file of files) left.delete(file);
    return [name, bytes];
  });
  rows.push(['the rest', sum([...left.values()])]);
  return {
    title: 'Size by part',
    text: 'What the entry `meshes-workspace` is made of, as minified by esbuild. Compressed, each part is about a third of it.',
    head: ['part', 'minified', '%'],
    rows: (rows as [string, number][]).map(([name, bytes]) => [
      name,
      bytes.toLocaleString('en-US'),
      ((100 * bytes) / all).toFixed(0),
    ]),
    goals: [],
  };
}

function titleOf({name, external}: Entry): string {
  return external ? `${name}, without ${external.join(', ')}` : name;
}

const gzipped = (code: Uint8Array) => gzipSync(code, {level: 9}).length;
const compressed = (code: Uint8Array) => brotliCompressSync(code).length;

function sizes(code: Uint8Array): string[] {
  const bytes = [code.length, gzipped(code), compressed(code)];
  return bytes.map(count => count.toLocaleString('en-US'));
}

interface Bundle {
  contents: Uint8Array;
  /** Bytes that each file is in it. */
  inputs: Record<string, number>;
}

async function bundle({name, external = []}: Entry, resolveDir: string): Promise<Bundle> {
  // By its file: an entry may be asked for without the package that it belongs to.
  const entry =
    resolveDir === root ? JSON.stringify(fileURLToPath(import.meta.resolve(name))) : `'${name}'`;
  // Exports alone would be enough for what has some; an import keeps what has none.
  const contents = `import ${entry}; export * from ${entry};`;
  const {outputFiles, metafile} = await build({
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
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  return {
    contents: outputFiles[0]!.contents,
    inputs: Object.fromEntries(
      Object.entries(output!.inputs).map(([file, {bytesInOutput}]) => [file, bytesInOutput]),
    ),
  };
}
