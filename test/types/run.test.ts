/** Checks the fixtures in the folders beside this file against the packed package, each by its framework's own checker. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {before, test} from 'node:test';
import ts from 'typescript';
import {page} from '../docs/support/markdown.js';
import {samples} from '../server/support/doc-mounts.js';
import {foldersWithPackages, installFramework, installPackage} from '../support/frameworks.mjs';

/** By folder: its projects, and the checker with its arguments before the project. */
const CHECKS: Record<string, {checker: string[]; projects: string[]}> = {
  modules: {
    checker: ['typescript/bin/tsc', '-p'],
    projects: ['tsconfig.json', 'tsconfig.nodenext.json', 'tsconfig.testing.json'],
  },
  react: {
    checker: ['typescript/bin/tsc', '-p'],
    projects: [
      'tsconfig.json',
      'tsconfig.18.json',
      'tsconfig.source.json',
      'tsconfig.source.18.json',
      'tsconfig.app.json',
      'tsconfig.app.18.json',
    ],
  },
  server: {checker: ['typescript/bin/tsc', '-p'], projects: ['tsconfig.json']},
  vue: {checker: ['vue-tsc/bin/vue-tsc.js', '--noEmit', '-p'], projects: ['tsconfig.json']},
  solid: {checker: ['typescript/bin/tsc', '-p'], projects: ['tsconfig.json']},
  preact: {
    checker: ['typescript/bin/tsc', '-p'],
    projects: ['tsconfig.json', 'tsconfig.10.json'],
  },
};

function check(folder: string, [script, ...args]: readonly string[]) {
  const cwd = path.join(import.meta.dirname, folder);
  // The checker of the folder, else that of the package.
  const found = import.meta.resolve('typescript/package.json');
  const own = path.join(cwd, 'node_modules', script!);
  const shared = path.resolve(path.dirname(new URL(found).pathname), '..', script!);
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [script!.startsWith('typescript/') ? shared : own, ...args],
    {cwd, encoding: 'utf8'},
  );
  return {status, output: stdout + stderr};
}

before(async () => {
  const folders = foldersWithPackages('test/types');
  for (const folder of folders) await installFramework(folder);
  installPackage(['test/types/modules', ...folders]);
});

for (const [folder, {checker, projects}] of Object.entries(CHECKS)) {
  for (const project of projects) {
    test(`the type declarations compile: ${folder}, ${project}`, () => {
      const {status, output} = check(folder, [...checker, project]);
      assert.equal(status, 0, output);
    });
  }
}

test('editors show the description of an attribute in JSX', () => {
  const folder = path.join(import.meta.dirname, 'react');
  const file = path.join(folder, 'tag.tsx');
  const {config} = ts.readConfigFile(path.join(folder, 'tsconfig.json'), name =>
    ts.sys.readFile(name),
  ) as {config: unknown};
  const {options} = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: name => {
      const text = ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  for (const [name, description] of [
    ['token-endpoint', /^URL of your session endpoint\./],
    ['min-height', /CSS pixels/],
  ] as const) {
    const shown = service.getQuickInfoAtPosition(file, readFileSync(file, 'utf8').indexOf(name));
    assert.match(ts.displayPartsToString(shown?.documentation), description);
  }
});

for (const major of [5, 7]) {
  test(`the types of the server entry compile without the DOM library in TypeScript ${major}`, () => {
    const {status, output} = check('server', [
      `typescript-${major}/bin/tsc`,
      '-p',
      'tsconfig.json',
    ]);
    assert.equal(status, 0, output);
  });
}

test('the samples of docs/backend.md compile as TypeScript, strict', () => {
  const folder = mkdtempSync(path.join(import.meta.dirname, 'server/.samples-'));
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  try {
    assert.notEqual(samples.size, 0);
    for (const [name, code] of samples) write(name.replace(/\.js$/, '.ts'), code);
    write(
      'auth.ts',
      `interface User {id: string; workspaceId: string; role: 'member' | 'admin'}
      export declare function currentUser(request: Request): Promise<User | null>;`,
    );
    // The samples are JavaScript as well, where a parameter has no type.
    const compilerOptions = {skipLibCheck: true, noImplicitAny: false};
    const include = ['*.ts'];
    write('tsconfig.json', JSON.stringify({extends: '../tsconfig.json', compilerOptions, include}));
    const {status, output} = check('server', ['typescript/bin/tsc', '-p', folder]);
    assert.equal(status, 0, output);
  } finally {
    rmSync(folder, {recursive: true});
  }
});

/** What the compiler can infer of JavaScript. */
const javascript = {
  ...{allowJs: true, checkJs: true, skipLibCheck: true},
  ...{strict: false, exactOptionalPropertyTypes: false},
};

/** The guides, with the checker of their framework and its arguments before the project. */
const GUIDES: Record<string, {checker: string[]; compilerOptions?: object}> = {
  react: {checker: CHECKS.react!.checker},
  vue: {checker: CHECKS.vue!.checker},
  angular: {
    // The templates are compiled with the applications: `npm run test:interop`.
    checker: ['typescript/bin/tsc', '-p'],
    compilerOptions: {experimentalDecorators: true, skipLibCheck: true},
  },
  svelte: {
    checker: ['svelte-check/bin/svelte-check', '--output', 'machine', '--tsconfig'],
  },
  preact: {checker: CHECKS.preact!.checker, compilerOptions: javascript},
};

for (const [guide, {checker, compilerOptions}] of Object.entries(GUIDES)) {
  test(`the samples of the guide for ${guide} compile`, () => {
    const folder = mkdtempSync(path.join(import.meta.dirname, guide, '.guide-'));
    try {
      const samples = page(`docs/frameworks/${guide}.md`).samples.filter(
        ({language, code}) => /^(tsx?|jsx|vue|svelte)$/.test(language) && !/from '\.\//.test(code),
      );
      assert.notEqual(samples.length, 0);
      for (const {title, code} of samples) {
        writeFileSync(path.join(folder, title!.replaceAll('/', '-')), code);
      }
      const include = ['*.ts', '*.tsx', '*.jsx', '*.vue', '*.svelte'];
      // Without the types that the folder names: a sample has to import what it needs.
      const config = {
        extends: '../tsconfig.json',
        compilerOptions: {types: [], ...compilerOptions},
        include,
      };
      writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
      const {status, output} = check(guide, [...checker, path.join(folder, 'tsconfig.json')]);
      assert.equal(status, 0, output);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
}

test('the type declarations compile in Svelte, and report each mistake', () => {
  const {output} = check('svelte', [
    ...['svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.json'],
    ...['--output', 'machine'],
  ]);
  const named = [...output.matchAll(/ (?:ERROR|WARNING) "([\w.]+)" (\d+):/g)].map(
    ([, file, line]) => `${file!}:${line!}`,
  );
  const mistakes = readFileSync(path.join(import.meta.dirname, 'svelte/Mistakes.svelte'), 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      line.startsWith('<meshes-workspace') ? `Mistakes.svelte:${index + 1}` : [],
    );
  assert.ok(mistakes.length > 0);
  assert.deepEqual(named, mistakes, output);
});
