/** The pages below docs/frameworks show the applications beside this file as they are. */
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {page, pages, readText, section, table} from '../docs/support/markdown.js';
import {APPS} from './apps.js';

const guides = pages.filter(({name}) => name.startsWith('docs/frameworks/'));

for (const {name, samples} of guides) {
  test(`the code in ${name} is the code of a tested application`, () => {
    const files = samples.filter(({title}) => title !== undefined);
    assert.notEqual(files.length, 0);
    for (const {title, code, place} of files) {
      assert.match(title!, /^test\/(interop|types|tools)\//, place);
      assert.equal(code, readText(title!), place);
    }
    const rest = samples.filter(({title}) => title === undefined);
    assert.deepEqual(
      rest.filter(({language}) => language !== 'sh').map(({place}) => place),
      [],
    );
  });
}

/** What tools generate, what only the checks need, what every project has, and a page that differs from another in one line. */
const NOT_SHOWN =
  /^(react-|svelte|angular|preact|solid).*\/(index\.html|main\.[\w.]+|vite\.config\.js)$|^next\/app\/(layout|page)\.jsx$|^html\/module\.html$|^angular\/rendered\/|^astro\/src\/pages\/router\.astro$|^vue\/index\.html$|^react-19\/tag\/|(^|\/)(node_modules|checks|mistakes|build|\..*)(\/|$)|(^|\/)(package(-lock)?|angular|tsconfig)\.json$|(build\.mjs|astro\.config\.mjs|next\.config\.js|checks\.vue|app\.html)$/;

for (const folder of new Set(APPS.map(app => app.folder))) {
  test(`a page shows every file that ${folder} uses`, () => {
    const shown = guides.flatMap(({samples}) => samples.map(({code}) => code));
    const files = filesIn(folder);
    assert.notEqual(files.length, 0);
    const missing = files.filter(file => !shown.includes(readText(`test/interop/${file}`)));
    assert.deepEqual(missing, []);
  });
}

function filesIn(folder: string, skipped = NOT_SHOWN): string[] {
  return readdirSync(path.join(import.meta.dirname, folder), {withFileTypes: true}).flatMap(
    entry => {
      const name = `${folder}/${entry.name}`;
      if (skipped.test(name)) return [];
      return entry.isDirectory() ? filesIn(name, skipped) : [name];
    },
  );
}

test('each recipe to keep a workspace across routes is the code of an application with two routes', () => {
  const guide = section(page('docs/performance.md'), 'Keep the workspace across routes');
  const recipes = [...guide.matchAll(/^- (.+?): (.+)$/gm)];
  const kept = APPS.filter(app => app.kept !== undefined);
  const tried = recipes.flatMap(([, names, recipe]) => {
    const apps = kept.filter(({title}) => names!.split(' and ').includes(title.split(' ')[0]!));
    for (const {folder} of apps) {
      const files = filesIn(folder, /\/(node_modules|build|\..*)$/).filter(file =>
        /\/kept/i.test(file),
      );
      const code = oneLine(files.map(file => readText(`test/interop/${file}`)).join('\n'));
      for (const [, part] of recipe!.matchAll(/`([^`]+)`/g)) {
        // A tag in the application has other attributes, too.
        assert.ok(code.includes(oneLine(part!).replace(/ ?\/?>$/, '')), `${folder}: ${part}`);
      }
    }
    assert.notEqual(apps.length, 0, names);
    return apps;
  });
  assert.deepEqual(new Set(tried), new Set(kept));
});

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

test('the table of frameworks has a row for each application, with a link to its page and its verified checks', () => {
  const rows = table(page('docs/maintainers/frameworks.md'), 'Frameworks');
  assert.deepEqual(
    rows.map(([name]) => name),
    APPS.map(({title, guide}) => `[${title}](../frameworks/${guide}.md)`),
  );
  for (const [name, ...cells] of rows) {
    for (const cell of cells) assert.match(cell, /^(–|[1-9]\d*)$/, name);
  }
});

test('the README links to the page of each framework', () => {
  const {prose} = page('README.md');
  const missing = guides.map(({name}) => name).filter(name => !prose.includes(`](${name})`));
  assert.deepEqual(missing, []);
});
