/**
 * Bundles the emulator, the command line, and the fixtures for Playwright into dist/, with every library that the emulator uses.
 * The package depends on few of them, and zod alone is a hundred files, which Node would read at each start.
 */
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {build as bundle, type Metafile, type Plugin} from 'esbuild';
import ts from 'typescript';
import {bundleEmbedFiles} from '../src/emulator/embed-files.js';

const FOLDER = 'dist/emulator';
const ENTRIES = ['index', 'vite'];

const {metafile} = await bundle({
  entryPoints: [...ENTRIES, 'command'].map(name => `src/emulator/${name}.ts`),
  outdir: FOLDER,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  plugins: [prebuiltEmbedFiles(), packageFiles()],
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(`${FOLDER}/THIRD-PARTY-LICENSES.txt`, licensesOf(metafile));
for (const name of ENTRIES) declare(`src/emulator/${name}.ts`);

declare('src/testing/playwright.ts');

await bundle({
  entryPoints: ['src/cli.ts', 'src/testing/playwright.ts'],
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['@playwright/test'],
  plugins: [packageFiles()],
  logLevel: 'warning',
});

/** The files of the embed app are bundled now; in a checkout, `embed-files.ts` bundles them when the emulator starts. */
function prebuiltEmbedFiles(): Plugin {
  return {
    name: 'prebuilt-embed-files',
    setup(build) {
      build.onLoad({filter: /[\\/]embed-files\.ts$/}, async () => {
        const files = JSON.stringify(await bundleEmbedFiles());
        return {contents: `export const bundleEmbedFiles = async () => (${files});`, loader: 'js'};
      });
    },
  };
}

/** Files of other folders of dist/ stay imports: dist/ has the same folders as src/. */
function packageFiles(): Plugin {
  return {
    name: 'package-files',
    setup(build) {
      build.onResolve({filter: /^\.{1,2}\//}, ({path: specifier, importer, kind}) => {
        if (kind === 'entry-point' || importer.includes('node_modules')) return undefined;
        const from = path.relative('src', path.dirname(importer)).split(path.sep)[0];
        const target = path.relative('src', path.resolve(path.dirname(importer), specifier));
        const isInside = target.split(path.sep)[0] === from;
        return isInside ? undefined : {path: specifier, external: true};
      });
    },
  };
}

/** The licenses of the bundled packages ask for a copy of their text. */
function licensesOf({inputs}: Metafile): string {
  const folders = Object.keys(inputs)
    .map(file => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
    .filter(folder => folder !== undefined);
  return [...new Set(folders)]
    .sort()
    .map(folder => {
      const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name));
      if (!file) throw new Error(`${folder} has no license file.`);
      const {name} = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {name: string};
      return `${name}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** Writes the declarations of a public file, and of the files that they import. */
function declare(file: string, written = new Set<string>()): void {
  if (written.has(file)) return;
  written.add(file);
  const {config} = ts.readConfigFile('tsconfig.json', name => ts.sys.readFile(name)) as {
    config: {compilerOptions: object};
  };
  const {options} = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  const {outputText, diagnostics = []} = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: {...options, noEmit: false, declaration: true, isolatedDeclarations: true},
    reportDiagnostics: true,
  });
  const [problem] = diagnostics;
  if (problem) {
    throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
  }
  const output = file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.d.ts');
  mkdirSync(path.dirname(output), {recursive: true});
  writeFileSync(output, outputText);
  for (const {fileName} of ts.preProcessFile(outputText).importedFiles) {
    if (!fileName.startsWith('.')) continue;
    const target = path.posix.join(path.posix.dirname(file), fileName).replace(/\.js$/, '.ts');
    // `tsc` writes those of the other folders.
    if (target.split('/')[1] === file.split('/')[1]) declare(target, written);
  }
}
