/**
 * Plugin for Web Test Runner: serves each test file as one script. As modules by themselves a file and what it imports are some
 * two hundred requests, which take a second or two for each file and engine. With `--watch`, a change of an imported file runs the
 * tests again too.
 */
import path from 'node:path';
import {build} from 'esbuild';

export function bundle() {
  let root;
  /** Only with `--watch`. */
  let watcher;
  // Every engine asks for every file.
  const bundles = new Map();
  const read = async file => {
    const {outputFiles, metafile} = await build({
      absWorkingDir: root,
      entryPoints: [file],
      metafile: true,
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
    watcher?.add(Object.keys(metafile.inputs).map(input => path.join(root, input)));
    return outputFiles[0].text;
  };
  return {
    name: 'bundle',
    serverStart({config, fileWatcher}) {
      root = config.rootDir;
      if (config.disableFileWatcher) return;
      watcher = fileWatcher;
      for (const event of ['change', 'unlink']) watcher.on(event, () => bundles.clear());
    },
    async serve({path: pathname}) {
      if (!pathname.endsWith('.browser.ts')) return undefined;
      if (!bundles.has(pathname)) bundles.set(pathname, read(path.join(root, pathname)));
      return {type: 'js', body: await bundles.get(pathname)};
    },
    // The server would keep a bundle until the test file itself changes.
    transform({path: pathname}) {
      return watcher && pathname.endsWith('.browser.ts') ? {transformCache: false} : undefined;
    },
  };
}
