/**
 * The samples in the README and in docs/ compile against the sources. TypeScript is checked strictly, JavaScript and the
 * scripts in HTML as far as types can be inferred. `<!-- sample: … -->` before a block declares what an excerpt takes for granted.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import ts from 'typescript';
import {installFramework} from '../support/frameworks.mjs';
import {pages, readText, root, type Sample} from './support/markdown.js';

/** Their samples are run, not only compiled, by the tests of what they document. */
const ELSEWHERE =
  /^SKILL\.md$|^docs\/(backend|backend-http|backends\/README|events|emulator)\.md$|^docs\/frameworks\//;

/** What samples of tests import. */
const TOOLS = 'test/testing/hosts/node_modules';
await installFramework('test/testing/hosts');

const samples = pages
  .filter(({name}) => /^(docs\/|[A-Z]+\.md$)/.test(name) && !ELSEWHERE.test(name))
  .flatMap(page => page.samples)
  // Recipes are compiled and run by `test/tools/recipes.test.ts` and `test/e2e/recipes.spec.ts`.
  .filter(({title}) => !title?.startsWith('test/tools/recipes/'));

const {name, version} = JSON.parse(readText('package.json')) as {name: string; version: string};
const CDN = `https://cdn.jsdelivr.net/npm/${name}@${version}/dist/cdn`;

const SHARED: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node', 'mocha'],
  skipLibCheck: true,
  noEmit: true,
  paths: {
    'meshes-workspace': [path.join(root, 'src/define.ts')],
    'meshes-workspace/react': [path.join(root, 'src/react.ts')],
    'meshes-workspace/vue': [path.join(root, 'src/vue.ts')],
    'meshes-workspace/server/node': [path.join(root, 'src/server/node.ts')],
    'meshes-workspace/testing/playwright': [path.join(root, 'src/testing/playwright.ts')],
    [`${CDN}/meshes-workspace.min.js`]: [path.join(root, 'src/define.ts')],
    [`${CDN}/events.min.js`]: [path.join(root, 'src/events/index.ts')],
    [`${CDN}/strings-*.min.js`]: [path.join(root, 'src/strings/*.ts')],
    'meshes-workspace/strings/*': [path.join(root, 'src/strings/*.ts')],
    'meshes-workspace/*': [path.join(root, 'src/*/index.ts')],
    vitest: [path.join(root, TOOLS, 'vitest')],
    'vitest/config': [path.join(root, TOOLS, 'vitest/config')],
    'msw/node': [path.join(root, TOOLS, 'msw/node')],
    msw: [path.join(root, TOOLS, 'msw')],
  },
};

/** What does not compile, as `README.md:120: …`. */
function problems(chosen: Sample[], options: ts.CompilerOptions): string[] {
  const files = new Map(
    chosen.map((sample, index) => {
      const title = sample.title && path.join(root, path.dirname(sample.title));
      const folder = title ?? path.join(root, 'docs/samples');
      // An export of its own makes each sample a module with a scope of its own, and lets it await.
      const text = `${sample.context}\n${sample.code}\nexport {};\n`;
      return [path.join(folder, `sample-${index}.ts`), {sample, text}] as const;
    }),
  );
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: name => files.has(path.normalize(name)) || disk.fileExists(name),
    getSourceFile: (name, ...rest) => {
      const own = files.get(path.normalize(name));
      return own
        ? ts.createSourceFile(name, own.text, ts.ScriptTarget.ES2022, true)
        : disk.getSourceFile(name, ...rest);
    },
  };
  const types = path.join(root, 'src/define.ts');
  const program = ts.createProgram([...files.keys(), types], options, host);
  return ts.getPreEmitDiagnostics(program).flatMap(({file, start = 0, messageText}) => {
    const own = file && files.get(path.normalize(file.fileName));
    if (!own) return [];
    const line = file.getLineAndCharacterOfPosition(start).line;
    const text = own.text.split('\n')[line]?.trim();
    return `${own.sample.place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')} (${text})`;
  });
}

const inLanguage = (...languages: string[]) =>
  samples.filter(({language}) => languages.includes(language));

test('every TypeScript sample compiles', () => {
  const chosen = inLanguage('ts', 'tsx');
  assert.notEqual(chosen.length, 0);
  assert.deepEqual(
    problems(chosen, {...SHARED, strict: true, exactOptionalPropertyTypes: true}),
    [],
  );
});

test('every JavaScript sample compiles, also within HTML', () => {
  const scripts = inLanguage('html').flatMap(sample =>
    [...sample.code.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, code = '']) => ({
      ...sample,
      code,
      // Pages without a compiler have nothing to tell them what querySelector finds.
      context: 'declare const customElements: any; declare const document: any;',
    })),
  );
  const chosen = [...inLanguage('js', 'mjs'), ...scripts];
  assert.notEqual(chosen.length, 0);
  assert.deepEqual(problems(chosen, {...SHARED, strict: false}), []);
});

test('every JSON sample parses', () => {
  for (const {place, code} of inLanguage('json')) {
    assert.doesNotThrow(() => JSON.parse(code) as unknown, place);
  }
});

test('every code block has a language that is checked, or is plain text', () => {
  const known = ['', 'ts', 'tsx', 'js', 'mjs', 'html', 'css', 'json', 'sh'];
  assert.deepEqual(
    samples.filter(({language}) => !known.includes(language)).map(({place}) => place),
    [],
  );
});
