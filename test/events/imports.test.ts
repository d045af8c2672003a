import assert from 'node:assert/strict';
import {test} from 'node:test';
import {build} from 'esbuild';

test('the events client imports nothing outside of src/events', async () => {
  const {metafile} = await build({
    entryPoints: ['src/events/index.ts'],
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
  });
  const files = Object.keys(metafile.inputs);
  assert.notEqual(files.length, 0);
  assert.deepEqual(
    files.filter(file => !file.startsWith('src/events/')),
    [],
  );
});
