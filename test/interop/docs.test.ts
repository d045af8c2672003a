/** The pages below docs/frameworks show the applications beside this file as they are. */
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {test} from 'node:test';
import {exists, pages, readText} from '../docs/support/markdown.js';
import {APPS} from './apps.js';

const guides = pages.filter(({name}) => name.startsWith('docs/frameworks/'));

for (const {name, samples} of guides) {
  test(`the code in ${name} is that of an application`, () => {
    const files = samples.filter(({title}) => title !== undefined);
    assert.notEqual(files.length, 0);
    for (const {title, code, place} of files) {
      assert.match(title!, /^test\/interop\//, place);
      assert.equal(code, readText(title!), place);
    }
    const rest = samples.filter(({title}) => title === undefined);
    assert.deepEqual(
      rest.filter(({language}) => language !== 'sh').map(({place}) => place),
      [],
    );
  });
}

for (const folder of new Set(APPS.map(app => app.folder))) {
  test(`a page shows all that ${folder} takes`, () => {
    const shown = guides.flatMap(({samples}) => samples.map(({code}) => code));
    const sources = exists(`test/interop/${folder}/src`)
      ? readdirSync(new URL(`${folder}/src`, import.meta.url)).map(file => `src/${file}`)
      : [];
    const missing = ['index.html', 'module.html', 'vite.config.js', ...sources]
      .map(file => `test/interop/${folder}/${file}`)
      .filter(file => exists(file) && !shown.includes(readText(file)));
    assert.deepEqual(missing, []);
  });
}
