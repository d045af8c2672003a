/** The recipes of the guides compile, and the guides show them as they are. `test/e2e/recipes.spec.ts` runs them. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {before, test} from 'node:test';
import {pages, readText} from '../docs/support/markdown.js';
import {installFramework, installPackage} from '../support/frameworks.mjs';
import {RECIPES} from './build-recipes.js';

before(async () => {
  await installFramework(RECIPES);
  installPackage([RECIPES]);
});

test('the recipes compile as TypeScript and as Vue templates, strict', () => {
  const cwd = path.join(import.meta.dirname, 'recipes');
  const checker = ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.json'];
  const {status, stdout} = spawnSync(process.execPath, checker, {cwd, encoding: 'utf8'});
  assert.equal(status, 0, stdout);
});

const shown = pages
  .flatMap(({samples}) => samples)
  .filter(({title}) => title?.startsWith(`${RECIPES}/`));

for (const {title, code, place} of shown) {
  test(`the recipe at ${place} is the code that runs`, () => assert.equal(code, readText(title!)));
}

/** What turns the recipes into applications, and the component that React's own `<Activity>` hides. */
const FRAMES = ['pages.tsx', 'VueApp.vue', 'Team.vue', 'Activity.tsx'];

test('a guide shows every recipe', () => {
  const names = readdirSync(path.join(import.meta.dirname, 'recipes/src'));
  assert.deepEqual(
    names.filter(name => !FRAMES.includes(name)).sort(),
    [...new Set(shown.map(({title}) => path.basename(title!)))].sort(),
  );
});
