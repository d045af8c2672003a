import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {gzipSync} from 'node:zlib';
import ts from 'typescript';

const FILES = ['meshes-workspace.min.js', 'meshes-workspace.iife.min.js'];
const read = (file: string) => readFileSync(`dist/cdn/${file}`);

test('sri.json holds the hashes of all scripts and stylesheets for CDNs', () => {
  const files = readdirSync('dist/cdn').filter(file => /\.(js|css)$/.test(file));
  for (const file of [...FILES, 'events.min.js', 'instant.min.js', 'styles.css']) {
    assert.ok(files.includes(file), file);
  }
  const hashes = files.map(file => {
    const digest = createHash('sha384').update(read(file)).digest('base64');
    return [file, `sha384-${digest}`];
  });
  assert.deepEqual(JSON.parse(read('sri.json').toString()), Object.fromEntries(hashes));
});

test('the classic scripts are ASCII, so that a page without a charset reads them correctly', () => {
  for (const file of ['meshes-workspace.iife.min.js', 'early.min.js']) {
    assert.doesNotMatch(read(file).toString(), /[^\0-\x7f]/, file);
  }
});

for (const file of FILES) {
  const code = read(file).toString();

  test(`${file} imports nothing`, () => {
    assert.deepEqual(ts.preProcessFile(code, true, true).importedFiles, []);
  });

  test(`${file} asks in its first line to be compiled while it loads`, () => {
    assert.equal(code.slice(0, code.indexOf('\n')), '//# allFunctionsCalledOnLoad');
  });

  test(`${file} compiles no text to code, which strict policies forbid`, () => {
    assert.doesNotMatch(code, /\bnew Function\b|\bFunction\(|\beval\(/);
  });

  test(`${file} has a Trusted Types policy with its own name`, () => {
    assert.deepEqual(code.match(/createPolicy\([^,]+/g), ['createPolicy("meshes-workspace"']);
  });

  test(`${file} shares no library state with the host page`, () => {
    assert.doesNotMatch(code, /__zod_global|litHtmlVersions|litElementVersions/);
    assert.doesNotMatch(code, /reactiveElementVersions|litPropertyMetadata|Symbol\.metadata/);
  });

  test(`${file} calls no hooks of Lit on the page, which elements with such IDs would stand for`, () => {
    assert.doesNotMatch(code, /PolyfillSupport|HydrateSupport|ShadyCSS|litNonce/);
  });

  test(`${file} has no indentation in its templates`, () => {
    assert.doesNotMatch(code, /\n\s+[<.]/);
  });

  test(`${file} has a source map that leads to the sources`, () => {
    const map = JSON.parse(read(`${file}.map`).toString()) as {
      sources: string[];
      sourcesContent: (string | null)[];
    };
    const index = map.sources.indexOf('../../src/define.ts');
    assert.equal(map.sourcesContent[index], readFileSync('src/define.ts', 'utf8'));
  });
}

test('the classic file is one expression that leaves no global name', () => {
  const source = ts.createSourceFile('cdn.js', read(FILES[1]!).toString(), ts.ScriptTarget.ES2022);
  assert.deepEqual(
    source.statements.map(statement => ts.SyntaxKind[statement.kind]),
    ['ExpressionStatement'],
  );
});

test('early.min.js has at most 700 bytes, gzipped, and can be inlined', () => {
  const code = read('early.min.js');
  assert.ok(gzipSync(code, {level: 9}).length <= 700);
  assert.doesNotMatch(code.toString(), /<\/script|<!--|sourceMappingURL/i);
});

const importFile = (file: string) =>
  import(pathToFileURL(path.resolve('dist/cdn', file)).href) as Promise<Record<string, unknown>>;

test('events.min.js is one module with the events client', async () => {
  const {MeshesEventsClient} = await importFile('events.min.js');
  assert.equal(typeof MeshesEventsClient, 'function');
  const code = read('events.min.js').toString();
  assert.deepEqual(ts.preProcessFile(code, true, true).importedFiles, []);
});

test('each language has a CDN file with the texts of its entry point', async () => {
  const languages = readdirSync('src/strings').map(file => path.basename(file, '.ts'));
  assert.notEqual(languages.length, 0);
  for (const language of languages) {
    const [name, texts] = Object.entries(await importFile(`strings-${language}.min.js`))[0]!;
    const entry = (await import(`meshes-workspace/strings/${language}`)) as Record<string, unknown>;
    assert.deepEqual(texts, entry[name], language);
  }
});

test('the element contains no text of a language that is not English', async () => {
  const {de} = await importFile('strings-de.min.js');
  const {retry} = de as {retry: string};
  for (const file of FILES) assert.ok(!read(file).includes(retry), file);
});
