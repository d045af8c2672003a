/**
 * Plugin for Web Test Runner: serves each test file as one script. As modules by themselves a file and what it imports are some
 * two hundred requests, which take a second or two for each file and engine.
 */
import path from 'node:path';
import {build} from 'esbuild';

export function bundle() {
  let root;
  // Every engine asks for every file.
  const bundles = new Map();
  const read = async file => {
    const {outputFiles} = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      // Not written: the source map's paths start from here.
      outdir: path.dirname(file),
      format: 'esm',
      target: 'es2022',
      // What is meant for tests: Lit warns of mistakes.
      conditions: ['development'],
      tsconfig: path.join(root, 'tsconfig.json'),
      // The runner's own modules come from its server.
      external: ['/__web*'],
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'error',
    });
    return outputFiles[0].text;
  };
  return {
    name: 'bundle',
    serverStart({config}) {
      root = config.rootDir;
    },
    async serve({path: pathname}) {
      if (!pathname.endsWith('.browser.ts')) return undefined;
      if (!bundles.has(pathname)) bundles.set(pathname, read(path.join(root, pathname)));
      return {type: 'js', body: await bundles.get(pathname)};
    },
  };
}
