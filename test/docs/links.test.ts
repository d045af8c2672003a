/** Every link in every page leads somewhere, and so does every address in a message of the package. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {DOCS, MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import * as facts from './support/facts.js';
import {exists, page, pages, readText, relativeLinks} from './support/markdown.js';

test('the documentation has pages to check', () => {
  assert.ok(pages.length > 20);
});

for (const {name, prose, anchors} of pages) {
  test(`the links in ${name} resolve`, () => {
    const dead: string[] = [];
    for (const {file, anchor} of relativeLinks(prose)) {
      const target = path.posix.join(path.posix.dirname(name), file);
      const link = anchor === undefined ? file : `${file}#${anchor}`;
      if (file && !exists(target)) dead.push(link);
      else if (anchor !== undefined) {
        const found = file ? pages.find(candidate => candidate.name === target)?.anchors : anchors;
        if (!found?.has(anchor)) dead.push(link);
      }
    }
    assert.deepEqual(dead, []);
  });
}

const absolute = pages.flatMap(({name, prose}) =>
  [...prose.matchAll(/\]\((https?:[^)\s]+)\)/g)].map(([, link = '']) => ({name, link})),
);
/** Files of the main branch: `owner/name`, and the path. */
const OWN_FILE =
  /^https:\/\/(?:raw\.githubusercontent\.com\/([\w-]+\/[\w-]+)|github\.com\/([\w-]+\/[\w-]+)\/blob)\/main\/([^#]+)/;

test('a page links within the project or to well-known places', () => {
  const {repository} = JSON.parse(readText('package.json')) as {repository: {url: string}};
  const home = repository.url.replace(/^git\+|\.git$/g, '');
  const allowed = ['https://keepachangelog.com/', 'https://semver.org/', 'https://mswjs.io'];
  const foreign = absolute
    .filter(({link}) => link !== home && !OWN_FILE.test(link))
    .filter(({link}) => !allowed.some(start => link.startsWith(start)));
  assert.deepEqual(foreign, []);
});

test('an absolute link to a file of the project names a file that exists', () => {
  const files = absolute.flatMap(({link}) => OWN_FILE.exec(link)?.[3] ?? []);
  assert.notEqual(files.length, 0);
  assert.deepEqual(
    files.filter(file => !exists(file)),
    [],
  );
});

test('the address in the message of each error leads to a heading', () => {
  for (const errorCode of facts.errorCodes as MeshesErrorCode[]) {
    const {message} = new MeshesError(errorCode, 'config', 'It failed.');
    assert.ok(message.startsWith(`It failed. See ${DOCS}/`), message);
    const [, file = '', anchor = ''] = /\/([\w-]+\.md)#(\w+)$/.exec(message) ?? [];
    assert.ok(page(`docs/${file}`).anchors.has(anchor), message);
  }
});

test('every file that ARCHITECTURE and CONTRIBUTING name exists', () => {
  const missing = [page('ARCHITECTURE.md'), page('CONTRIBUTING.md')].flatMap(({prose}) =>
    [...prose.matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|mjs|json|html))`/g)]
      .map(([, name = '']) => name)
      .filter(name => !/^dist\//.test(name))
      .filter(name => !exists(name) && !exists(`src/${name}`)),
  );
  assert.deepEqual(missing, []);
});
