import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {build} from 'esbuild';

test('the events client is at most 4.5 kB, minified and gzipped, and depends on nothing', async () => {
  const {outputFiles, metafile} = await build({
    entryPoints: ['src/events/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    metafile: true,
    write: false,
  });
  const size = gzipSync(outputFiles[0]!.contents, {level: 9}).length;
  assert.ok(size <= 4500, `${size} B`);
  const foreign = Object.keys(metafile.inputs).filter(file => !file.startsWith('src/events/'));
  assert.deepEqual(foreign, []);
});
