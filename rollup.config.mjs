/** Bundles what `tsc` has put into dist/ into the two self-contained files for CDNs, and writes their integrity hashes. */
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import {transform} from 'esbuild';
import {compactTemplates} from './scripts/compact-templates.mjs';

const ENTRY = 'dist/define.js';
const FOLDER = 'dist/cdn';
const TRUSTED_TYPES_POLICY = 'meshes-workspace';
/**
 * Most of the file runs as soon as there is a tag: V8 (Chrome 136) compiles it while it is loaded, and not function by
 * function when it is called first. Has to be the file's first line. See docs/decisions/0015.
 */
const COMPILE_HINT = '//# allFunctionsCalledOnLoad';

/** Hooks for browsers without Web Components. An element with such an `id` stands in for one, and Lit would call it. */
const POLYFILL = [/\w+\.(reactiveElement|litHtml|litElement)PolyfillSupport/, 'void 0'];

/** An empty script that is trusted. Lit needs it for templates of scripts and for reflected attributes; the element has neither. */
const EMPTY_SCRIPT = [/(\w+)\?\1\.emptyScript:""/, '""'];

/**
 * What Lit shares over `globalThis` with other copies of itself on the page. A CDN bundle shares nothing: two Trusted Types
 * policies of one name throw under a strict policy. Each pattern must match, or the build fails: an update may have moved it.
 */
const ISOLATED = [
  {
    file: /lit-html[\\/]lit-html\.js$/,
    changes: [
      // Only once a template needs it: a second copy renders nothing, and may not take a name twice.
      [
        /(\w+)\.createPolicy\((["'])lit-html\2,(\{createHTML:\w+=>\w+\})\)/,
        `{createHTML(text){return(this.policy??=$1.createPolicy("${TRUSTED_TYPES_POLICY}",$3)).createHTML(text)}}`,
      ],
      EMPTY_SCRIPT,
      [/\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\([^)]*\)/, 'void 0'],
      POLYFILL,
    ],
  },
  {
    file: /reactive-element[\\/]reactive-element\.js$/,
    changes: [
      [/\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\([^)]*\)/, 'void 0'],
      POLYFILL,
      EMPTY_SCRIPT,
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

/** Lit's module for styles. Most of it is for browsers without constructable stylesheets and for expressions in `css` templates. */
const STYLES = /reactive-element[\\/]css-tag\.js$/;
/** If Lit asks for another export of it, Rollup fails. */
const STYLES_CODE = `
export const css = ([text]) => {
  let sheet;
  return {
    get styleSheet() {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(text);
      return sheet;
    },
  };
};
export const adoptStyles = (root, styles) => {
  root.adoptedStyleSheets = styles.map(style =>
    style instanceof CSSStyleSheet ? style : style.styleSheet,
  );
};
export const getCompatibleStyle = style => style;
// Lit hands these on. The element uses none of them.
export const CSSResult = undefined, supportsAdoptingStyleSheets = undefined, unsafeCSS = undefined;
`;

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

/** Puts the short module for styles in the place of Lit's. */
function shortStyles() {
  let replaced = false;
  return {
    name: 'short-styles',
    load(id) {
      if (!STYLES.test(id)) return null;
      replaced = true;
      return STYLES_CODE;
    },
    buildEnd(error) {
      if (!error && !replaced) this.error(`Not part of the bundle: ${STYLES}`);
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

/** The names that esbuild gives compress better than those of terser, and terser shortens its code further. */
function esbuildFirst() {
  return {
    name: 'esbuild-first',
    async renderChunk(code) {
      const options = {minify: true, target: 'es2022', legalComments: 'inline', sourcemap: true};
      const {code: minified, map} = await transform(code, options);
      return {code: minified, map};
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

function integrity() {
  const list = `${FOLDER}/sri.json`;
  return {
    name: 'integrity',
    writeBundle({file}) {
      const hashes = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};
      const digest = createHash('sha384').update(readFileSync(file)).digest('base64');
      hashes[path.basename(file)] = `sha384-${digest}`;
      writeFileSync(list, `${JSON.stringify(hashes, null, 2)}\n`);
    },
  };
}

const bundle = (format, file, plugins = []) => ({
  input: ENTRY,
  output: {format, file: `${FOLDER}/${file}`, sourcemap: true},
  plugins: [
    ...plugins,
    nodeResolve({browser: true}),
    sourceMaps(),
    isolate(),
    shortStyles(),
    shortTemplates(),
    esbuildFirst(),
    terser({
      ecma: 2022,
      module: format === 'es',
      // Nothing asks for the `length` of a function.
      compress: {passes: 2, keep_fargs: false},
      format: {preamble: COMPILE_HINT},
    }),
    integrity(),
  ],
  onwarn: ({code, message}) => {
    // zod causes these two; the architecture test finds cycles of our own.
    if (!['INVALID_ANNOTATION', 'CIRCULAR_DEPENDENCY'].includes(code)) throw new Error(message);
  },
});

export default [
  bundle('es', 'meshes-workspace.min.js'),
  bundle('iife', 'meshes-workspace.iife.min.js', [withoutExports()]),
];
