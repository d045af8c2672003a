import js from '@eslint/js';
import globals from 'globals';
import {configs as lit} from 'eslint-plugin-lit';
import {configs as wc} from 'eslint-plugin-wc';
import {defineConfig, globalIgnores} from 'eslint/config';
import tseslint from 'typescript-eslint';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);

export default defineConfig(
  globalIgnores([
    'dist/',
    'node_modules/',
    'test-results/',
    '**/*.d.mts',
    '.cache/',
    'test/tools/*/',
    'test/types/*/',
    'test/testing/hosts/',
    'test/interop/*/**/*.{ts,tsx}',
    'test/interop/*/.*/',
    'test/interop/sveltekit/build/',
  ]),
  js.configs.recommended,
  {
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-control-regex': 'off',
      'no-empty-pattern': ['error', {allowObjectPatternsAsParameters: true}],
      'no-unused-vars': ['error', {ignoreRestSiblings: true}],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {globals: globals.node},
  },
  {
    // What `browser.execute()` is given runs in the page.
    files: ['test/e2e/*.mjs'],
    languageOptions: {globals: {document: 'readonly'}},
  },
  {
    files: ['test/fixtures/**/*.js', 'scripts/cdn/*.mjs'],
    languageOptions: {globals: globals.browser},
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {project: './tsconfig.json', tsconfigRootDir: root}},
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        {argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true},
      ],
      '@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'inline-type-imports'}],
      // `${count} events` is plain enough.
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // It takes `signal.aborted` for settled across an `await`.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    extends: [lit['flat/recommended'], wc['flat/recommended']],
    rules: {
      'no-console': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true},
      ],
      'no-restricted-syntax': [
        'error',
        {selector: 'ExportDefaultDeclaration', message: 'Use a named export.'},
        {selector: 'TSEnumDeclaration', message: 'Use a union of string literals.'},
        {selector: 'TSParameterProperty', message: 'Declare the field, and assign it.'},
        {selector: 'PropertyDefinition[accessibility="private"]', message: 'Use a #private field.'},
        {selector: 'MethodDefinition[accessibility="private"]', message: 'Use a #private method.'},
        {selector: 'PropertyDefinition[accessibility="public"]', message: 'Public goes unsaid.'},
        {selector: 'MethodDefinition[accessibility="public"]', message: 'Public goes unsaid.'},
        {
          selector: 'ImportDeclaration[source.value="zod"]',
          message: "Classic zod probes `Function`, which strict CSPs report: use 'zod/mini'.",
        },
      ],
    },
  },
  {
    // One-time warnings about the configuration of a page, and what `debug` asks for.
    files: ['src/element/**', 'src/define.ts'],
    rules: {'no-console': ['error', {allow: ['debug', 'error', 'warn']}]},
  },
  {
    // The client of Meshes logs with both where `debug` is set.
    files: ['src/events/**'],
    rules: {'no-console': ['error', {allow: ['debug', 'error']}]},
  },
  {
    // Without onError, the server writes its errors to the console of the operator.
    files: ['src/server/**'],
    rules: {'no-console': ['error', {allow: ['error', 'warn']}]},
  },
  {
    // A bug of the emulator goes to the console of the operator, with its stack.
    files: ['src/emulator/**'],
    rules: {
      'no-console': ['error', {allow: ['error']}],
      // Hono's `html` is not Lit's: it is text, and its type does not tell.
      'lit/no-invalid-html': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    // They import frameworks, whose types only the tests of the declarations have: those check them.
    files: ['src/react.ts', 'src/types/**', 'test/react/app/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts', 'demo/**/*.ts'],
    rules: {
      // Both give a promise, and nobody has to wait for it: node:test's `test()`, and by its types chai's `equal()`.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            {from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite']},
            {from: 'package', package: 'chai', name: 'Equal'},
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      // Tests read much JSON, and a wrong guess at its shape fails them.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // chai: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    // Hono's `html` is text, and its type does not tell.
    files: ['demo/**/*.ts'],
    rules: {'@typescript-eslint/no-base-to-string': 'off'},
  },
);
