/** Bundles a file of this folder for a browser, as for production: `node build.mjs <bundler> <entry> <folder>`. */
import path from 'node:path';

const [bundler, entry, folder] = process.argv.slice(2);
const file = path.resolve(import.meta.dirname, entry);

const bundlers = {
  async webpack() {
    const {default: webpack} = await import('webpack');
    await runCompiler(webpack(compilerOptions));
  },
  async Rspack() {
    const {rspack} = await import('@rspack/core');
    await runCompiler(rspack(compilerOptions));
  },
  async esbuild() {
    const {build} = await import('esbuild');
    await build({
      ...{entryPoints: [file], bundle: true, minify: true, format: 'esm', platform: 'browser'},
      ...{define: {'process.env.NODE_ENV': '"production"'}, outfile: `${folder}/main.js`},
    });
  },
  async Vite() {
    const {build} = await import('vite');
    await build({
      ...{root: import.meta.dirname, configFile: false, logLevel: 'warn'},
      build: {
        ...{outDir: folder, emptyOutDir: false},
        rolldownOptions: {input: file, output: {entryFileNames: 'main.js'}},
      },
    });
  },
  /** Not a build: what the development server sends for the file, with the dependencies that it has prepared. */
  async 'Vite dev'() {
    const {createServer} = await import('vite');
    const server = await createServer({
      ...{root: import.meta.dirname, configFile: false, logLevel: 'warn', cacheDir: folder},
      server: {middlewareMode: true, ws: false},
      optimizeDeps: {noDiscovery: true},
    });
    try {
      const {code} = await server.transformRequest(`/${entry}`);
      for (const [, url] of code.matchAll(/from "(.+?)"|import "(.+?)"/g)) {
        if (url && !(await server.transformRequest(url))) throw new Error(`Nothing at ${url}`);
      }
    } finally {
      await server.close();
    }
  },
};

const compilerOptions = {
  ...{mode: 'production', target: 'web', devtool: false, context: import.meta.dirname},
  ...{entry: file, output: {path: folder, filename: 'main.js'}},
  performance: {hints: false},
};

function runCompiler(compiler) {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      const problem = error ?? stats.toJson({all: false, errors: true}).errors[0];
      if (problem) reject(problem instanceof Error ? problem : new Error(problem.message));
      else compiler.close(resolve);
    });
  });
}

await bundlers[bundler]();
