/** `npm run guards` takes minutes; what it takes away has to be there all the time. */
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {describe, it} from 'node:test';
import {GUARDS, withoutGuard} from '../../scripts/measure/guards/guard-list.mjs';

describe('the guards that npm run guards takes away', () => {
  for (const guard of GUARDS) {
    it(`${guard.name} is in its place, and so are the tests that have to notice`, () => {
      assert.ok(withoutGuard(guard, '.').length > 0);
      const files = [...(guard.node ?? []), ...(guard.browser ?? [])];
      assert.ok(files.length > 0);
      for (const file of files) assert.ok(existsSync(file), file);
    });
  }
});
