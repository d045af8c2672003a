import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

export interface EmbedFiles {
  readonly script: string;
  readonly consentScript: string;
  readonly style: string;
}

const source = (name: string): string => fileURLToPath(new URL(`./embed/${name}`, import.meta.url));

/**
 * Bundles the browser code and the styles of the embed app, in memory. In the published package, scripts/build-emulator.ts replaces
 * this module by one that contains the result.
 */
export const bundleEmbedFiles = async (): Promise<EmbedFiles> => {
  const {outputFiles} = await build({
    entryPoints: {
      app: source('main.ts'),
      consent: source('consent.ts'),
      style: source('style.css'),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    logLevel: 'silent',
  });
  const text = (path: string): string =>
    outputFiles.find(file => file.path.replace(/^[A-Za-z]:/, '').endsWith(path))?.text ?? '';
  return {script: text('app.js'), consentScript: text('consent.js'), style: text('style.css')};
};
