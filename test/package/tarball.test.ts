import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {test} from 'node:test';
import {pages, relativeLinks} from '../docs/support/markdown.js';

const [tarball] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  }),
) as {size: number; files: {path: string}[]}[];
const paths = tarball!.files.map(file => file.path);

test('the tarball holds what users need and nothing else', () => {
  const needed = [
    /^(package\.json|LICENSE|(README|SECURITY|CHANGELOG)\.md)$/,
    /^(SKILL\.md|llms(-full)?\.txt)$/,
    /^dist\/.+\.(js|d\.ts)(\.map)?$/,
    /^dist\/(cdn\/)?styles\.css$/,
    /^dist\/cdn\/sri\.json$/,
    // What the emulator bundles asks for a copy of its license.
    /^dist\/emulator\/THIRD-PARTY-LICENSES\.txt$/,
    /^dist\/(custom-elements|html-custom-data|web-types|session-endpoint\.openapi)\.json$/,
    // Error messages name docs/troubleshooting.md, and the README leads to the others.
    /^docs\/(frameworks\/)?[\w-]+\.md$/,
    // The sample backends that docs/backend-http.md leads to.
    /^docs\/backends\/(README\.md|(go|php|python|ruby)\/\w+\.(go|mod|php|py|rb|ru))$/,
    // The source maps lead here.
    /^src\/.+\.(tsx?|css|json)$/,
  ];
  assert.deepEqual(
    paths.filter(path => !needed.some(pattern => pattern.test(path))),
    [],
  );
  for (const path of [
    'LICENSE',
    'README.md',
    'dist/define.js',
    'dist/session-endpoint.openapi.json',
    'docs/troubleshooting.md',
    'docs/backends/python/flask_app.py',
  ]) {
    assert.ok(paths.includes(path), `${path} is missing`);
  }
});

test('each source map in the tarball finds its source in the tarball', () => {
  const orphans = paths
    .filter(path => /^dist\/(?!cdn\/).+\.js\.map$/.test(path))
    .map(path => path.replace(/^dist\//, 'src/').replace(/\.js\.map$/, ''))
    .filter(base => !['.ts', '.tsx'].some(extension => paths.includes(base + extension)));
  assert.deepEqual(orphans, []);
});

test('every relative link in a packed page leads to a file in the tarball', () => {
  const packed = pages.filter(({name}) => paths.includes(name));
  assert.ok(packed.length > 20);
  const dead = packed.flatMap(({name, prose}) =>
    relativeLinks(prose)
      .filter(({file}) => file !== '')
      .map(({file}) => path.posix.join(path.posix.dirname(name), file))
      .filter(target => !paths.some(file => file === target || file.startsWith(`${target}/`)))
      .map(target => `${name}: ${target}`),
  );
  assert.deepEqual(dead, []);
});
