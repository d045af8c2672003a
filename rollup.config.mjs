/** Bundles what `tsc` has put into dist/ into the files for CDNs. */
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import {transform} from 'esbuild';
import {compactTemplates} from './scripts/compact-templates.mjs';
import {findInternalNames} from './scripts/internal-names.mjs';

const ENTRY = 'dist/define.js';
const FOLDER = 'dist/cdn';
/**
 * Most of the file runs as soon as there is a tag. With this, V8 (Chrome 136) compiles it while it loads, and not each function at
 * its first call. Must be the first line of the file. See docs/maintainers/decisions/0015.
 */
const COMPILE_HINT = '//# allFunctionsCalledOnLoad';
const LIT_NOTICE = '/*! Lit. Copyright 2017 Google LLC. SPDX-License-Identifier: BSD-3-Clause */';

/** Hooks for browsers without Web Components. An element with such an `id` stands in for one, and Lit would call it. */
const POLYFILL = [/\w+\.(reactiveElement|litHtml|litElement)PolyfillSupport/, 'void 0'];

/**
 * What Lit shares over `globalThis` with other copies of itself on the page. A CDN bundle shares nothing: two Trusted Types
 * policies of one name throw under a strict policy. Each pattern must match, or the build fails: an update may have moved it.
 */
const ISOLATED = [
  {
    file: /reactive-element[\\/]reactive-element\.js$/,
    changes: [
      [/\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\([^)]*\)/, 'void 0'],
      POLYFILL,
      // Converters for attributes of properties that have none, and for reflected attributes. The element has neither.
      [/(\w+)=\{toAttribute\(.*?return \w+\}\}(?=,\w+=\()/, '$1={}'],
      [/(\w+)\?\1\.emptyScript:""/, '""'],
      [/_\$ET\(\w+,\w+\)\{.*?\}(?=_\$AK\()/, ''],
      [/this\._\$Eq&&=this\._\$Eq\.forEach\(\w+=>this\._\$ET\(\w+,this\[\w+\]\)\),/, ''],
      [/,!0===\w+&&this\._\$Em!==\w+&&\(this\._\$Eq\?\?=new Set\)\.add\(\w+\)/, ''],
      // For decorators, which the element does not use.
      [/Symbol\.metadata\?\?=Symbol\("metadata"\)/, 'void 0'],
      [/this\[Symbol\.metadata\]/, 'void 0'],
      [/\w+\.litPropertyMetadata\?\?=new WeakMap/, 'void 0'],
      [/litPropertyMetadata\.get\(\w+\)/, 'void 0'],
    ],
  },
  {
    file: /lit-element[\\/]lit-element\.js$/,
    changes: [
      [/\(\w+\.litElementVersions\?\?=\[\]\)\.push\([^)]*\)/, 'void 0'],
      POLYFILL,
      // A hook for hydration. It is called like those of POLYFILL.
      [/\w+\.litElementHydrateSupport\?\.\(\{LitElement:\w+\}\)/, 'void 0'],
    ],
  },
];

function isolate() {
  const missing = new Set(ISOLATED);
  return {
    name: 'isolate',
    transform(code, id) {
      const rule = ISOLATED.find(({file}) => file.test(id));
      if (!rule) return null;
      missing.delete(rule);
      const isolated = rule.changes.reduce((text, [pattern, replacement]) => {
        if (!pattern.test(text)) this.error(`${pattern} matches nothing in ${id}`);
        return text.replace(pattern, replacement);
      }, code);
      return {code: isolated, map: null};
    },
    buildEnd(error) {
      if (error || missing.size === 0) return;
      this.error(`Not part of the bundle: ${[...missing].map(({file}) => file).join(', ')}`);
    },
  };
}

/**
 * Modules of Lit, and what stands in for them: only what the element uses. If Lit asks for another export of one, Rollup fails.
 * See docs/maintainers/decisions/0012.
 */
const STAND_INS = [
  {file: /reactive-element[\\/]css-tag\.js$/, standIn: 'scripts/cdn/css-tag.mjs'},
  {file: /lit-html[\\/]lit-html\.js$/, standIn: 'scripts/cdn/lit-html.mjs'},
];

function standIns() {
  const missing = new Set(STAND_INS);
  return {
    name: 'stand-ins',
    load(id) {
      const rule = STAND_INS.find(({file}) => file.test(id));
      if (!rule) return null;
      missing.delete(rule);
      return readFileSync(rule.standIn, 'utf8');
    },
    buildEnd(error) {
      if (error || missing.size === 0) return;
      this.error(`Not part of the bundle: ${[...missing].map(({file}) => file).join(', ')}`);
    },
  };
}

/** Removes indentation and comments from the templates of the element. */
function shortTemplates() {
  const total = {css: 0, html: 0};
  return {
    name: 'short-templates',
    transform(code, id) {
      if (id.includes('node_modules') || !/\b(css|html)\s*`/.test(code)) return null;
      const {code: compacted, found} = compactTemplates(code);
      for (const kind of Object.keys(total)) total[kind] += found[kind];
      // Lines stay where they are, so the map of before is still valid.
      return {code: compacted, map: null};
    },
    buildEnd(error) {
      if (error) return;
      for (const [kind, count] of Object.entries(total)) {
        if (count === 0)
          this.error(`The bundle has no ${kind} templates: are they written in another way now?`);
      }
    },
  };
}

let internalNames;

/** Matches the property names that only our own modules in a bundle use. */
function internalProperties(modules) {
  internalNames ??= findInternalNames({
    tsconfig: 'src/tsconfig.json',
    folder: 'src',
    entries: [ENTRY.replace(/^dist(.*)\.js$/, 'src$1.ts')],
  });
  const others = Object.keys(modules).filter(id => id.includes('node_modules'));
  const taken = new Set(others.flatMap(id => modules[id].code?.match(/[\w$]+/g) ?? []));
  return new RegExp(`^(${internalNames.filter(name => !taken.has(name)).join('|')})$`);
}

/** The names that esbuild gives compress better than those of terser, and terser shortens its code further. */
function esbuildFirst() {
  return {
    name: 'esbuild-first',
    async renderChunk(code, {modules}) {
      const {code: minified, map} = await transform(code, {
        minify: true,
        target: 'es2022',
        legalComments: 'none',
        mangleProps: internalProperties(modules),
        sourcemap: true,
      });
      return {code: minified, map};
    },
  };
}

/** All that a bundle has of others is Lit, whose license requires its notice. */
function onlyLit() {
  return {
    name: 'only-lit',
    buildEnd(error) {
      if (error) return;
      for (const id of this.getModuleIds()) {
        if (/node_modules[\\/](?!(@lit[\\/][\w-]+|lit(-\w+)?)[\\/])/.test(id)) {
          this.error(`The notice in the bundle is that of Lit. It lacks the license of ${id}`);
        }
      }
    },
  };
}

/** Hands on the source maps of `tsc`, so that those of the bundles lead to the TypeScript sources. */
function sourceMaps() {
  return {
    name: 'source-maps',
    load(id) {
      if (!existsSync(`${id}.map`) || id.includes('node_modules')) return null;
      const map = JSON.parse(readFileSync(`${id}.map`, 'utf8'));
      map.sourcesContent = map.sources.map(source =>
        readFileSync(path.resolve(path.dirname(id), source), 'utf8'),
      );
      return {code: readFileSync(id, 'utf8'), map};
    },
  };
}

/** Imports the entry for its side effect alone: an IIFE with exports would need a global name for them. */
function withoutExports() {
  const id = '\0without-exports';
  return {
    name: 'without-exports',
    resolveId: source => (source === id ? id : null),
    load: source => (source === id ? `import ${JSON.stringify(path.resolve(ENTRY))};` : null),
    options: options => ({...options, input: id}),
  };
}

const fail = ({code, message}) => {
  // zod causes these two; the architecture test finds cycles of our own.
  if (!['INVALID_ANNOTATION', 'CIRCULAR_DEPENDENCY'].includes(code)) throw new Error(message);
};

const bundle = (format, file, plugins = []) => ({
  input: ENTRY,
  output: {format, file: `${FOLDER}/${file}`, sourcemap: true},
  plugins: [
    ...plugins,
    nodeResolve({browser: true}),
    sourceMaps(),
    isolate(),
    standIns(),
    shortTemplates(),
    onlyLit(),
    esbuildFirst(),
    terser({
      ecma: 2022,
      module: format === 'es',
      // Nothing asks for the `length` of a function.
      compress: {passes: 2, keep_fargs: false},
      // A page and a server that name no charset make a browser read a classic script as windows-1252. Modules are UTF-8.
      format: {preamble: `${COMPILE_HINT}\n${LIT_NOTICE}`, ascii_only: format === 'iife'},
    }),
  ],
  onwarn: fail,
});

/** Writes the text of the bundle into a module, for servers and for `npx meshes-workspace early`. */
function asModule(file) {
  return {
    name: 'as-module',
    writeBundle(_, bundle) {
      const [{code}] = Object.values(bundle);
      const module = readFileSync(file, 'utf8');
      const written = module.replace("'unbuilt'", () => JSON.stringify(code.trim()));
      if (written === module) this.error(`${file} has no place for the text`);
      writeFileSync(file, written);
    },
  };
}

/** For the head of a page: as small as possible, and without a map, because pages contain its text. */
const early = {
  input: 'dist/instant/early.js',
  output: {format: 'iife', file: `${FOLDER}/early.min.js`},
  plugins: [
    terser({ecma: 2022, module: true, compress: {passes: 3, keep_fargs: false}}),
    asModule('dist/instant/early-script.js'),
  ],
  onwarn: fail,
};

const ELEMENT = path.resolve('dist/element/index.js');
/** Modules that come with the files above: each is one self-contained file, or imports the element from the file beside it. */
const module = (input, file) => ({
  input,
  output: {
    format: 'es',
    file: `${FOLDER}/${file}`,
    sourcemap: true,
    paths: {[ELEMENT]: './meshes-workspace.min.js'},
  },
  external: id => path.resolve(path.dirname(input), id) === ELEMENT,
  plugins: [
    sourceMaps(),
    terser({ecma: 2022, module: true, compress: {passes: 2, keep_fargs: false}}),
  ],
  onwarn: fail,
});

const languages = readdirSync('dist/strings')
  .filter(file => file.endsWith('.js'))
  .map(file => path.basename(file, '.js'));

export default [
  bundle('es', 'meshes-workspace.min.js'),
  bundle('iife', 'meshes-workspace.iife.min.js', [withoutExports()]),
  early,
  module('dist/instant/index.js', 'instant.min.js'),
  module('dist/events/index.js', 'events.min.js'),
  ...languages.map(name => module(`dist/strings/${name}.js`, `strings-${name}.min.js`)),
];
