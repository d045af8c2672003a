import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {before, describe, test} from 'node:test';
import {installFramework, installPackage} from '../support/frameworks.mjs';
import {createRenderer, REACT_VERSIONS} from './bundle.js';
import {initial} from './control.js';

before(async () => {
  const folders = REACT_VERSIONS.map(version => `test/react/${version}`);
  for (const folder of folders) await installFramework(folder);
  installPackage(folders);
});

test('the wrapper is marked as a client module, so that a Server Component can import it', () => {
  assert.match(readFileSync('dist/react.js', 'utf8'), /^'use client';\n/);
});

for (const version of REACT_VERSIONS) {
  describe(`server rendering with React ${version}`, () => {
    for (const condition of ['node', 'edge-light', 'workerd', 'worker']) {
      test(`the wrapper can be imported with React ${version} as it is installed: ${condition}`, () => {
        const script =
          "console.log(JSON.stringify(Object.keys(await import('meshes-workspace/react'))))";
        const output = execFileSync(
          process.execPath,
          [`--conditions=${condition}`, '--input-type=module', '--eval', script],
          {
            cwd: `test/react/${version}`,
            encoding: 'utf8',
            env: {...process.env, NODE_OPTIONS: ''},
          },
        );
        assert.deepEqual(JSON.parse(output), ['MeshesWorkspace']);
      });
    }

    for (const conditions of [[], ['edge-light'], ['workerd'], ['worker']]) {
      test(`the wrapper renders the tag on a server with React ${version} without a warning: ${conditions[0] ?? 'node'}`, async context => {
        const warn = context.mock.method(console, 'error', () => {});
        const render = await createRenderer(version, conditions);
        const props = {className: 'wide', hidden: false, minHeight: 600};
        const html = render({...initial, props});
        assert.deepEqual(
          warn.mock.calls.map(call => call.arguments),
          [],
        );
        const [, attributes = '', children] =
          /<meshes-workspace( [^>]*)>(.*)<\/meshes-workspace>/.exec(html) ?? [];
        assert.deepEqual(
          attributes
            .trim()
            .split(/ (?=[\w-]+=)/)
            .sort(),
          [
            'class="wide"',
            'data-page="host"',
            'defer-hydration=""',
            'id="workspace"',
            'min-height="600"',
            'style="margin-top:8px"',
          ],
        );
        assert.equal(children, '<p slot="loading">Getting ready</p>');
      });
    }
  });
}
