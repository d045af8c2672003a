/** The state table of ARCHITECTURE.md is the one that the machine answers. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {format} from 'prettier';
import {readText} from './support/markdown.js';
import {stateTable} from './support/state-table.js';

test('ARCHITECTURE.md shows the state table of the machine; `npm run reference` writes it', async () => {
  const [, table] = /<!-- state table -->\n\n(.*?)\n\n<!-- end -->/s.exec(
    readText('ARCHITECTURE.md'),
  )!;
  const expected = await format(stateTable(), {parser: 'markdown'});
  assert.equal(table, expected.trimEnd());
});
