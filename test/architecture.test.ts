import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import ts from 'typescript';

/** What each folder or file directly in src/ may import besides itself: folders, or single files. */
const MAY_IMPORT: Record<string, string[]> = {
  errors: [],
  noop: ['element', 'errors'],
  http: ['errors'],
  frame: ['errors'],
  session: ['frame', 'http', 'errors'],
  element: ['session', 'frame', 'http', 'errors'],
  define: ['element', 'errors'],
  strings: ['element/strings'],
  instant: ['element', 'session', 'http'],
  react: ['element', 'instant', 'errors'],
  vue: ['element', 'instant'],
  types: ['element'],
  events: [],
  server: ['http/retry-policy', 'http/token-lifetime', 'errors'],
  emulator: ['server'],
  testing: ['element', 'session', 'frame', 'errors', 'emulator', 'server'],
  'check-endpoint': ['errors'],
  cli: ['emulator', 'check-endpoint', 'instant/early-command'],
};

const {fileNames, options} = ts.parseJsonConfigFileContent(
  ts.readConfigFile('tsconfig.json', file => ts.sys.readFile(file)).config,
  ts.sys,
  process.cwd(),
);
const relative = (file: string) => path.relative('', file).replaceAll(path.sep, '/');
const program = ts.createProgram(
  // The React wrapper is no part of the project: its types come with the tests of the declarations.
  [...fileNames.filter(file => /^(src|demo)\//.test(relative(file))), 'src/react.ts'],
  options,
);
const checker = program.getTypeChecker();
const nameOf = ({fileName}: ts.SourceFile) => relative(fileName);
const within = (folder: string) =>
  program.getSourceFiles().filter(file => nameOf(file).startsWith(`${folder}/`));
const sources = within('src');
/** The embed app of the emulator is the other side: its frame is a page of Meshes, and not one of the host. */
const hostSources = sources.filter(file => !nameOf(file).startsWith('src/emulator/embed/'));
const layerOf = (name: string) => name.split('/')[1]!.replace(/\.tsx?$/, '');

/** The nodes for which `find` holds, as `file:line`. */
function places(files: ts.SourceFile[], find: (node: ts.Node) => boolean): string[] {
  return files.flatMap(file => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      const {line} = file.getLineAndCharacterOfPosition(node.getStart(file));
      if (find(node)) found.push(`${nameOf(file)}:${line + 1}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

const specifiersOf = (file: ts.SourceFile) =>
  ts.preProcessFile(file.text).importedFiles.map(({fileName}) => fileName);
const targetsOf = (file: ts.SourceFile) =>
  specifiersOf(file)
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => path.posix.join(path.posix.dirname(nameOf(file)), specifier))
    .map(target => target.replace(/\.js$/, ''));

/** Whether this names the page's own `window` or `document`, and not something local that is called so. */
function isPageGlobal(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || !['window', 'document'].includes(node.text)) return false;
  // Asking whether there is one touches nothing.
  if (ts.isTypeOfExpression(node.parent)) return false;
  const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
  return (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    program.isSourceFileDefaultLibrary(declaration.getSourceFile())
  );
}

const isPostMessage = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) && node.name.text === 'postMessage';

const isStar = (node: ts.Node) => ts.isStringLiteralLike(node) && node.text === '*';

test('each folder of src imports only from the layers below it', () => {
  assert.notEqual(sources.length, 0);
  for (const file of sources) {
    const layer = layerOf(nameOf(file));
    const allowed = MAY_IMPORT[layer];
    assert.ok(allowed, `src/${layer} has no entry in MAY_IMPORT`);
    for (const target of targetsOf(file)) {
      const names = [layerOf(target), target.replace(/^src\//, '')];
      const ok = names.some(name => [layer, ...allowed].includes(name));
      assert.ok(ok, `${nameOf(file)} imports ${target}`);
    }
  }
});

test('src has no import cycles', () => {
  const graph = new Map(
    sources.map(file => [nameOf(file).replace(/\.tsx?$/, ''), targetsOf(file)]),
  );
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): void => {
    assert.ok(!trail.includes(name), `a cycle: ${[...trail, name].join(' → ')}`);
    if (done.has(name)) return;
    for (const target of graph.get(name) ?? []) visit(target, [...trail, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
});

test('only src/element imports lit', () => {
  const users = sources.filter(file => specifiersOf(file).some(name => /^@?lit\b/.test(name)));
  assert.deepEqual(
    users.map(nameOf).filter(name => layerOf(name) !== 'element'),
    [],
  );
});

test('only src/server and src/emulator import zod, so that the element also loads without zod', () => {
  const importing = sources
    .filter(file => specifiersOf(file).some(specifier => /^zod(\/|$)/.test(specifier)))
    .map(file => layerOf(nameOf(file)));
  assert.deepEqual([...new Set(importing)].sort(), ['emulator', 'server']);
});

test('src reads properties of document through its prototype, so that named elements cannot hide them', () => {
  // It runs before the page has any elements.
  const early = 'src/instant/early.ts';
  const others = hostSources.filter(file => nameOf(file) !== early);
  const reads = places(others, node => {
    const {parent} = node;
    return (
      isPageGlobal(node) &&
      (node as ts.Identifier).text === 'document' &&
      ts.isPropertyAccessExpression(parent) &&
      parent.expression === node
    );
  });
  assert.deepEqual(reads, []);
});

test('only src/element, src/instant, and the window port touch window and document', () => {
  const others = hostSources.filter(
    file =>
      !['element', 'instant'].includes(layerOf(nameOf(file))) &&
      nameOf(file) !== 'src/frame/window-port.ts',
  );
  assert.deepEqual(places(others, isPageGlobal), []);
});

test('only the window port posts messages, and never to any origin', () => {
  const others = hostSources.filter(file => nameOf(file) !== 'src/frame/window-port.ts');
  assert.deepEqual(places(others, isPostMessage), []);
  const postsToAny = (node: ts.Node) =>
    ts.isCallExpression(node) && isPostMessage(node.expression) && node.arguments.some(isStar);
  assert.deepEqual(places(hostSources, postsToAny), []);
});

test('src exports by name; the events client has a default export too', () => {
  const isDefault = (node: ts.Node) =>
    ts.isExportAssignment(node) ||
    node.kind === ts.SyntaxKind.DefaultKeyword ||
    (ts.isExportSpecifier(node) && node.name.text === 'default');
  // Code that was written for the client of Meshes imports the class as the default export.
  assert.deepEqual(
    places(sources, isDefault).map(place => place.replace(/:\d+$/, '')),
    ['src/events/index.ts'],
  );
});

test('the demo imports the package by its name', () => {
  for (const file of within('demo')) {
    const inside = targetsOf(file).filter(target => !target.startsWith('demo/'));
    assert.deepEqual(inside, [], `${nameOf(file)} reaches out of demo/`);
  }
});

test('the emulator takes only the entry points of the server helper', () => {
  const taken = within('src/emulator')
    .flatMap(targetsOf)
    .filter(target => !target.startsWith('src/emulator/'));
  const entryPoints = ['src/server/index', 'src/server/node'];
  assert.deepEqual(
    taken.filter(target => !entryPoints.includes(target)),
    [],
  );
});
