/** The tables of threats and faults: tests show every row, and the documents for users name none of these tests. */
import assert from 'node:assert/strict';
import {describe, it, test} from 'node:test';
import {exists, page, pages, readText, table} from '../docs/support/markdown.js';
import {testTitles} from './test-titles.js';
import {faults, type TestedRow, threats} from './threat-map.js';

const MAP = 'test/threats/threat-map.ts';

describeTable('docs/maintainers/threats.md', 'What the element does', threats);
describeTable('docs/maintainers/reliability.md', 'Faults', faults);

function describeTable(document: string, heading: string, map: readonly TestedRow[]): void {
  describe(`the table of ${document}`, () => {
    const inDocument = table(page(document), heading).map(([first = '']) => first);
    const inMap = map.map(({row}) => row);

    it(`${document} has only rows that ${MAP} maps to tests`, () => {
      const missing = inDocument.filter(row => !inMap.includes(row));
      assert.deepEqual(missing, [], `${MAP} has no entry for these rows of ${document}`);
    });

    it(`${document} has every row that ${MAP} maps to tests`, () => {
      const extra = inMap.filter(row => !inDocument.includes(row));
      assert.deepEqual(extra, [], `${document} lacks these rows of ${MAP}`);
    });

    it(`${document} has no row twice`, () => {
      assert.deepEqual(inMap, [...new Set(inMap)]);
      assert.deepEqual(inDocument, [...new Set(inDocument)]);
    });

    for (const {row, tests} of map) {
      it(`${document} has a row "${row}" that existing tests show`, () => {
        assert.notEqual(tests.length, 0, `${MAP} names no tests`);
        for (const {file, titles} of tests) {
          assert.ok(exists(file), `${MAP} names ${file}, which does not exist`);
          assert.notEqual(titles.length, 0, `${MAP} names no test of ${file}`);
          const found = testTitles(readText(file));
          for (const title of titles) {
            const count = found.filter(each => each === title).length;
            assert.equal(count, 1, `${file} has ${count} tests with the title "${title}", not one`);
          }
        }
      });
    }
  });
}

test('the documents for users name no test files', () => {
  const forUsers = /^(README|SECURITY|docs\/[^/]+|docs\/frameworks\/[^/]+)\.md$/;
  const naming = pages
    .filter(({name, prose}) => forUsers.test(name) && /\.(test|browser|spec)\.ts\b/.test(prose))
    .map(({name}) => name);
  assert.deepEqual(naming, []);
});
