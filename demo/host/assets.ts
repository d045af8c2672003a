import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';
import {THEMES} from './views/theming.js';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const JSON_TYPE = 'application/json';
const ELEMENT = 'meshes-workspace.min.js';
/** Imports the element from the file in the same folder. */
const INSTANT = 'instant.min.js';
/** Scripts of the pages, in `page/`. */
const SCRIPTS = [
  'integrations',
  'several',
  'theming',
  'languages',
  'faults',
  'deep-links',
  'routes',
];

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Reads all files below `/assets/` into memory, by file name. */
export const readAssets = async (): Promise<ReadonlyMap<string, Asset>> => {
  const built = async (name: string) => {
    const file = fileURLToPath(import.meta.resolve(`meshes-workspace/cdn/${name}`));
    const body = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new Error('The package is not built yet. Run `npm run build` first.', {cause});
    });
    return [name, {type: name.endsWith('.map') ? JSON_TYPE : JAVASCRIPT, body}] as const;
  };
  const [scripts, themes, style, icon, ...files] = await Promise.all([
    Promise.all(SCRIPTS.map(async name => [name, await bundle(`./page/${name}.ts`)] as const)),
    Promise.all(THEMES.map(async ([name]) => [name, await readTheme(name)] as const)),
    readFile(local('./page/style.css'), 'utf8'),
    readFile(local('./page/icon.svg'), 'utf8'),
    ...[ELEMENT, INSTANT].flatMap(name => [built(name), built(`${name}.map`)]),
  ]);
  return new Map([
    ...scripts.map(([name, body]) => [`${name}.js`, {type: JAVASCRIPT, body}] as const),
    ...themes.map(([name, body]) => [`theme-${name}.css`, {type: CSS, body}] as const),
    ['style.css', {type: CSS, body: style}],
    ['icon.svg', {type: 'image/svg+xml', body: icon}],
    ...files,
  ]);
};

/** Returns the style sheet of a theme. */
export const readTheme = (name: string): Promise<string> =>
  readFile(local(`./page/themes/${name}.css`), 'utf8');

/** Resolves imports of the package to the scripts that the page loads, so that there is only one class of the element. */
const elementOfThePage: Plugin = {
  name: 'element-of-the-page',
  setup: bundling => {
    bundling.onResolve({filter: /^meshes-workspace(\/instant)?$/}, ({path}) => ({
      path: `/assets/${path === 'meshes-workspace' ? ELEMENT : INSTANT}`,
      external: true,
    }));
  },
};

const bundle = async (path: string): Promise<string> => {
  const {outputFiles} = await build({
    entryPoints: [local(path)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [elementOfThePage],
  });
  return outputFiles[0]!.text;
};
