import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const JSON_TYPE = 'application/json';
const ELEMENT = 'meshes-workspace.min.js';

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Everything below `/assets/`, in memory: by file name. */
export const readAssets = async (): Promise<ReadonlyMap<string, Asset>> => {
  const element = fileURLToPath(import.meta.resolve(`meshes-workspace/cdn/${ELEMENT}`));
  const [script, style, icon, elementScript, elementMap] = await Promise.all([
    bundle('./page/integrations.ts'),
    readFile(local('./page/style.css'), 'utf8'),
    readFile(local('./page/icon.svg'), 'utf8'),
    readFile(element, 'utf8').catch((cause: unknown) => {
      throw new Error('The package is not built yet: run `npm run build` first.', {cause});
    }),
    readFile(`${element}.map`, 'utf8'),
  ]);
  return new Map([
    ['integrations.js', {type: JAVASCRIPT, body: script}],
    ['style.css', {type: 'text/css; charset=utf-8', body: style}],
    ['icon.svg', {type: 'image/svg+xml', body: icon}],
    [ELEMENT, {type: JAVASCRIPT, body: elementScript}],
    [`${ELEMENT}.map`, {type: JSON_TYPE, body: elementMap}],
  ]);
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
  });
  return outputFiles[0]!.text;
};
