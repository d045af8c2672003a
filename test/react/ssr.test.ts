import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {before, describe, test} from 'node:test';
import {installFramework} from '../support/frameworks.mjs';
import {createRenderer, REACT_VERSIONS} from './bundle.js';
import {initial} from './control.js';

before(() => {
  for (const version of REACT_VERSIONS) installFramework(`test/react/${version}`);
});

test('the wrapper says that it is for the client, so that a Server Component can import it', () => {
  assert.match(readFileSync('dist/react.js', 'utf8'), /^'use client';\n/);
});

for (const version of REACT_VERSIONS) {
  describe(`on a server, React ${version}`, () => {
    for (const conditions of [[], ['edge-light'], ['workerd'], ['worker']]) {
      test(`renders the tag without a warning: ${conditions[0] ?? 'node'}`, async context => {
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
