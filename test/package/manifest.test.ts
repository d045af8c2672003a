/** What editors read of the element, against the code: both name the same, and nothing is left out. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import ts from 'typescript';
import {MeshesWorkspaceElement} from '../../src/element/index.js';
import {DEFAULTS} from '../../src/element/attributes.js';

interface Named {
  name: string;
  description?: string;
}
interface Typed extends Named {
  type: {text: string};
  default?: string;
}
interface Member extends Typed {
  kind: 'field' | 'method';
  static?: boolean;
  readonly?: boolean;
  attribute?: string;
}
interface Declaration {
  tagName: string;
  attributes: (Typed & {fieldName: string})[];
  members: Member[];
  events: Typed[];
  slots: Named[];
  cssParts: Named[];
  cssProperties: Named[];
  cssStates: Named[];
}

const read = (file: string) => readFileSync(file, 'utf8');
const readJson = (file: string) => JSON.parse(read(`dist/${file}`));
const manifest = readJson('custom-elements.json') as {
  modules: {path: string; declarations: Declaration[]; exports: (Named & {kind: string})[]}[];
};
const element = manifest.modules.flatMap(({declarations}) => declarations)[0]!;
const fields = element.members.filter(({kind, static: isStatic}) => kind === 'field' && !isStatic);
const names = (list: readonly Named[]) => list.map(({name}) => name).sort();

const templates = readdirSync('src/element')
  .map(file => read(`src/element/${file}`))
  .map(text => text.replace(/\/\*\*[\s\S]*?\*\//g, ''))
  .join('\n');
const inTemplates = (pattern: RegExp) =>
  [...new Set([...templates.matchAll(pattern)].map(([, name]) => name!))].sort();

/** The literals that a type stands for, and the properties that it has. */
const program = ts.createProgram(['src/element/index.ts', 'src/react.ts'], {
  ...ts.readConfigFile('tsconfig.json', file => ts.sys.readFile(file)).config.compilerOptions,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
});
const checker = program.getTypeChecker();
function typeNamed(file: string, name: string): ts.Type {
  let found: ts.Type | undefined;
  ts.forEachChild(program.getSourceFile(file)!, node => {
    if (
      (ts.isTypeAliasDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isClassDeclaration(node)) &&
      node.name?.text === name
    ) {
      found = checker.getTypeAtLocation(node);
    }
  });
  assert.ok(found, `${file} has no ${name}`);
  return found;
}
const literals = (type: ts.Type) =>
  (type as ts.UnionType).types.map(part => (part as ts.StringLiteralType).value);

test('the manifest has each attribute that the element observes', () => {
  assert.deepEqual(
    names(element.attributes),
    [...MeshesWorkspaceElement.observedAttributes].sort(),
  );
});

test('the manifest connects each attribute to its property', () => {
  for (const {name, fieldName} of element.attributes) {
    assert.equal(MeshesWorkspaceElement.properties[fieldName]?.attribute, name);
    assert.equal(fields.find(field => field.name === fieldName)?.attribute, name);
  }
});

test('the manifest has each property of the element, and says which are read-only', () => {
  const readOnly = ['error', 'expiresAt', 'page', 'path', 'state'];
  const declared = Object.keys(MeshesWorkspaceElement.properties);
  assert.deepEqual(names(fields), [...declared, ...readOnly].sort());
  assert.deepEqual(names(fields.filter(field => field.readonly)), readOnly);
});

test('the manifest has the public members of the class, and none of Lit', () => {
  const type = typeNamed('src/element/meshes-workspace.ts', 'MeshesWorkspaceElement');
  const own = type
    .getProperties()
    .filter(
      ({valueDeclaration: declaration}) => declaration?.parent === type.symbol.valueDeclaration,
    )
    .filter(({valueDeclaration}) => {
      const flags = ts.getCombinedModifierFlags(valueDeclaration!);
      return (
        !(flags & ts.ModifierFlags.Protected) &&
        !ts.getJSDocTags(valueDeclaration!).some(({tagName}) => tagName.text === 'internal') &&
        !ts.isPrivateIdentifier(ts.getNameOfDeclaration(valueDeclaration)!)
      );
    })
    .map(({name}) => name)
    .filter(name => !name.endsWith('Callback'));
  const members = element.members.filter(member => !member.static);
  assert.deepEqual(names(members), own.sort());
});

test('the manifest has the type of each property as it can be written', () => {
  const type = (name: string) => fields.find(field => field.name === name)?.type.text;
  assert.equal(type('launchPage'), "'dashboard' | 'connections' | 'rules' | 'events' | null");
  assert.equal(type('credentials'), "'same-origin' | 'include' | 'omit'");
  assert.equal(type('minHeight'), 'number');
  const states = literals(typeNamed('src/element/element-events.ts', 'MeshesWorkspaceState'));
  assert.equal(type('state'), states.map(state => `'${state}'`).join(' | '));
});

test('the manifest has the default of each property that has one', () => {
  const defaults = {...DEFAULTS, credentials: 'same-origin', debug: false, deferHydration: false};
  const expected = Object.entries(defaults).map(([name, value]) => [
    name,
    typeof value === 'string' ? `'${value}'` : String(value),
  ]);
  const described = fields.filter(field => field.default !== undefined);
  assert.deepEqual(
    Object.fromEntries(described.map(field => [field.name, field.default])),
    Object.fromEntries(expected),
  );
});

test('the manifest has each event with the type of its detail', () => {
  const map = typeNamed('src/element/element-events.ts', 'MeshesWorkspaceEventMap');
  const expected = map.getProperties().map(property => ({
    name: property.name,
    type: checker.typeToString(checker.getTypeOfSymbol(property)),
  }));
  const described = element.events.map(({name, type}) => ({name, type: type.text}));
  const byName = (a: Named, b: Named) => a.name.localeCompare(b.name);
  assert.deepEqual(described.sort(byName), expected.sort(byName));
});

test('the manifest has each slot and part of the templates', () => {
  assert.deepEqual(names(element.slots), inTemplates(/<slot name="([\w-]+)"/g));
  assert.deepEqual(names(element.cssParts), inTemplates(/(?:part="|part: ')([\w-]+)/g));
});

test('the manifest has each custom property of the styles', () => {
  assert.deepEqual(
    names(element.cssProperties),
    inTemplates(/var\(\s*(--meshes-workspace-[\w-]+)/g),
  );
});

test('the manifest has each custom state', () => {
  const states = literals(typeNamed('src/element/element-events.ts', 'MeshesWorkspaceState'));
  const others = inTemplates(/#states\?\.(?:\[[^\]]*\]|\w+)\('(\w+)'\)/g);
  assert.deepEqual(names(element.cssStates), [...new Set([...states, ...others])].sort());
});

test('the manifest describes everything that it names, and refers to existing files', () => {
  const {attributes, members, events, slots, cssParts, cssProperties, cssStates} = element;
  const all = [attributes, members, events, slots, cssParts, cssProperties, cssStates].flat();
  assert.deepEqual(
    all.filter(({description}) => !description).map(({name}) => name),
    [],
  );
  for (const {path} of manifest.modules) assert.doesNotThrow(() => read(path));
  const [definition] = manifest.modules
    .flatMap(({exports}) => exports)
    .filter(({kind}) => kind === 'custom-element-definition');
  assert.equal(definition?.name, element.tagName);
});

test('web-types and custom data have the content of the manifest', () => {
  const {version} = JSON.parse(read('package.json')) as {version: string};
  const webTypes = readJson('web-types.json');
  assert.equal(webTypes.version, version);
  const [tag] = webTypes.contributions.html.elements;
  assert.equal(tag.name, element.tagName);
  assert.deepEqual(names(tag.attributes), names(element.attributes));
  assert.deepEqual(names(tag.js.properties), names(fields));
  assert.deepEqual(names(tag.js.events), names(element.events));
  assert.deepEqual(names(tag.slots), names(element.slots));
  assert.deepEqual(names(tag.css.parts), names(element.cssParts));
  assert.deepEqual(names(tag.css.properties), names(element.cssProperties));

  const [data] = readJson('html-custom-data.json').tags;
  assert.equal(data.name, element.tagName);
  assert.deepEqual(names(data.attributes), names(element.attributes));
  const {events, slots, cssParts, cssProperties, cssStates} = element;
  for (const {name} of [events, slots, cssParts, cssProperties, cssStates].flat()) {
    assert.ok((data.description.value as string).includes(name), `${name} is missing`);
  }
});

test('the React wrapper accepts each property except the one that it needs itself', () => {
  const property = typeNamed('src/react.ts', 'Property');
  const settable = names(fields.filter(field => !field.readonly));
  assert.deepEqual(
    literals(property).sort(),
    settable.filter(name => name !== 'deferHydration'),
  );
});

test('the declarations for templates have each attribute', () => {
  const file = 'src/types/attributes.d.ts';
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022);
  const [attributes, objects] = source.statements.filter(ts.isInterfaceDeclaration);
  const keys = (declaration: ts.InterfaceDeclaration) =>
    declaration.members.map(({name}) => (name as ts.StringLiteral).text).sort();
  assert.deepEqual(keys(attributes!), names(element.attributes));
  assert.deepEqual(
    keys(objects!),
    names(fields.filter(field => !field.attribute && !field.readonly)),
  );
});
