import {createRequire} from 'node:module';
import path from 'node:path';
import {build} from 'esbuild';
import {isFrameworkInstalled} from '../support/frameworks.mjs';
import type {Settings} from './control.js';

export const REACT_VERSIONS = ['18', '19'] as const;
export type ReactVersion = (typeof REACT_VERSIONS)[number];

/** The application with this React and the built package, with the warnings of React's development build. */
async function bundle(version: ReactVersion, entry: 'client' | 'server', conditions: string[]) {
  const folder = `test/react/${version}`;
  if (!isFrameworkInstalled(folder)) {
    throw new Error(
      `React ${version} is missing: run "node test/support/frameworks.mjs ${folder}"`,
    );
  }
  const modules = path.resolve(import.meta.dirname, version, 'node_modules');
  const {outputFiles} = await build({
    entryPoints: [path.join(import.meta.dirname, `app/${entry}.tsx`)],
    alias: {react: path.join(modules, 'react'), 'react-dom': path.join(modules, 'react-dom')},
    bundle: true,
    write: false,
    format: entry === 'client' ? 'esm' : 'cjs',
    platform: entry === 'client' ? 'browser' : 'node',
    conditions: ['module', 'import', ...conditions],
    target: 'es2022',
    jsx: 'automatic',
    define: {'process.env.NODE_ENV': '"development"'},
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** The script of the page. */
export const bundleClient = (version: ReactVersion) => bundle(version, 'client', []);

/**
 * What renders the application to HTML.
 *
 * @param conditions export conditions of the server that it runs on
 */
export async function createRenderer(
  version: ReactVersion,
  conditions: string[] = [],
): Promise<(settings: Settings) => string> {
  const code = await bundle(version, 'server', conditions);
  const module = {exports: {} as {render: (settings: Settings) => string}};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a bundle of our own, as a CommonJS module
  const evaluate = new Function('module', 'exports', 'require', code);
  evaluate(module, module.exports, createRequire(import.meta.url));
  return module.exports.render;
}
