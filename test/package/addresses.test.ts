/** package.json is the one place with the addresses of the project: the build takes them from there, and pages are compared with it. */
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {mock, test} from 'node:test';
import {MeshesError} from 'meshes-workspace/element';
import {createMeshesServer} from 'meshes-workspace/server';
import {page, readText, root} from '../docs/support/markdown.js';

const {name, version, homepage, bugs, repository} = JSON.parse(readText('package.json')) as {
  name: string;
  version: string;
  homepage: string;
  bugs: string;
  repository: {type: string; url: string};
};
const home = repository.url.replace(/^git\+|\.git$/g, '');
const project = new URL(home).pathname.slice(1);
const docs = `${home}/blob/v${version}/docs`;

/** Generated, installed, or written by a test that runs at the same time. */
const SKIPPED =
  /(^|\/)(node_modules|dist|coverage|test-results|playwright-report|\.git|\.cache)$|^test\/(interop|tools|types)\/[^/]+\/(\..*|build)$|^llms(-full)?\.txt$/;
const BINARY = /\.(png|tgz|wasm)$/;
const files = (folder = ''): string[] =>
  readdirSync(path.join(root, folder), {withFileTypes: true}).flatMap(entry => {
    const file = path.posix.join(folder, entry.name);
    if (SKIPPED.test(file) || BINARY.test(file)) return [];
    return entry.isDirectory() ? files(file) : [file];
  });

/** An address on GitHub, as `owner/name`. */
const REPOSITORY =
  /github(?:usercontent)?\.com[/:]([\w.-]+\/[\w-]+)|([\w-]+)\.github\.io\/([\w-]+)/g;
/** A file of this package on a CDN, with the version that it names. */
const CDN_FILE = new RegExp(
  `(?:cdn\\.jsdelivr\\.net/npm|unpkg\\.com|esm\\.sh)/${name}(@[\\w.-]*)?`,
  'g',
);

/** `file: owner/name` of each repository that has the name of this one. */
function written(file: string): string[] {
  return [...readText(file).matchAll(REPOSITORY)]
    .map(([, repo, owner, pages]) => repo ?? `${owner}/${pages}`)
    .filter(repo => [name, project.split('/')[1]].includes(repo.split('/')[1]))
    .map(repo => `${file}: ${repo}`);
}

test('package.json has one repository in its homepage, its bugs and its repository', () => {
  assert.equal(repository.url, `git+${home}.git`);
  assert.equal(homepage, `${home}#readme`);
  assert.equal(bugs, `${home}/issues`);
});

test('no source, script or test writes out an address of the project', () => {
  const code = files().filter(file => file !== 'package.json' && !/\.(md|yml)$/.test(file));
  assert.ok(code.length > 100);
  assert.deepEqual(code.flatMap(written), []);
});

test('an address of the project in a page is the address in package.json', () => {
  const text = files().filter(file => /\.(md|yml)$/.test(file));
  assert.ok(text.length > 20);
  const others = text.flatMap(file =>
    written(file).filter(address => address !== `${file}: ${project}`),
  );
  assert.deepEqual(others, []);
});

test('a CDN address names the version in package.json', () => {
  const found = files().flatMap(file =>
    [...readText(file).matchAll(CDN_FILE)].map(([, pinned]) => `${file}: ${pinned}`),
  );
  assert.notEqual(found.length, 0);
  assert.deepEqual(
    found.filter(address => !address.endsWith(`: @${version}`)),
    [],
  );
});

test('no lock file holds the address of a registry', () => {
  const locks = files().filter(file => file.endsWith('package-lock.json'));
  assert.ok(locks.length > 10);
  assert.deepEqual(
    locks.filter(file => /"resolved": "https?:/.test(readText(file))),
    [],
  );
});

test('the message of a built error ends with its documentation address in the current version', () => {
  const {message} = new MeshesError('csp_blocked', 'frame', 'It failed.');
  assert.equal(message, `It failed. See ${docs}/troubleshooting.md#csp_blocked`);
});

test('the console line of a built server ends with the documentation address of its section', async t => {
  const lines: string[] = [];
  t.after(() => mock.restoreAll());
  mock.method(console, 'error', (line: string) => lines.push(line));
  const {handler} = createMeshesServer({
    credentials: () => Promise.reject(new Error('canary')),
    authorize: () => ({
      userId: 'ada',
      workspaceId: '3f216741-15dd-4e46-b5ac-0077a2640e89',
      role: 'member',
    }),
  });
  const headers = {'content-type': 'application/json', 'sec-fetch-site': 'same-origin'};
  await handler(new Request('https://app.example/session', {method: 'POST', headers, body: '{}'}));
  assert.equal(lines.length, 1);
  assert.ok(lines[0]!.endsWith(` See ${docs}/backend.md#errors`), lines[0]);
  assert.ok(page('docs/backend.md').anchors.has('errors'));
});

for (const file of ['meshes-workspace.min.js', 'meshes-workspace.iife.min.js']) {
  test(`${file} has the documentation address once, and no placeholder of the build`, () => {
    const code = readText(`dist/cdn/${file}`);
    assert.equal(code.split(docs).length, 2);
    assert.doesNotMatch(code, /["'`]unbuilt["'`]/);
  });
}
