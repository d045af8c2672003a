/** `npm run reference`: writes docs/reference.md from the custom elements manifest in dist/ and from the declarations of the types in it. */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import ts from 'typescript';

const FILE = 'docs/reference.md';
/** Where the types of properties and events are declared, in the order in which they are shown. */
const DECLARATIONS = [
  'dist/element/element-events.d.ts',
  'dist/element/launch-page.d.ts',
  'dist/errors.d.ts',
  'dist/session/token-source.d.ts',
  'dist/session/machine-types.d.ts',
  'dist/element/request-headers.d.ts',
  'dist/element/strings.d.ts',
];

/** The text of docs/reference.md. */
export async function reference() {
  const manifest = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8'));
  const element = manifest.modules[0].declarations[0];
  const types = readTypes(DECLARATIONS);
  const properties = element.members.filter(({kind}) => kind === 'field');
  const methods = element.members.filter(({kind}) => kind === 'method');
  const used = typesIn(types, [
    ...properties.map(({type}) => type.text),
    ...element.events.map(({type}) => type.text),
  ]);
  const text = [
    `# Reference`,
    `\`<${element.tagName}>\`, class \`${element.name}\`. Written by \`npm run reference\` from the custom elements manifest that the package
ships as \`meshes-workspace/custom-elements.json\`; the [README](../README.md#reference) says the same at more leisure, with errors and warnings.`,
    table(
      'Properties',
      ['property', 'attribute', 'type', 'default', 'description'],
      properties.map(({name, attribute, type, default: value, description, ...is}) => [
        code(is.static ? `${element.name}.${name}` : name),
        attribute ? code(attribute) : is.readonly ? 'read-only' : '',
        code(type.text),
        value === undefined ? '' : code(value),
        description,
      ]),
    ),
    table(
      'Methods',
      ['method', 'description'],
      methods.map(({name, parameters = [], return: {type}, description}) => [
        code(
          `${name}(${parameters.map(({name, optional, type}) => `${name}${optional ? '?' : ''}: ${type.text}`).join(', ')}): ${type.text}`,
        ),
        description,
      ]),
    ),
    table(
      'Events',
      ['event', 'type', 'description'],
      element.events.map(({name, type, description}) => [code(name), code(type.text), description]),
    ),
    described('Slots', 'slot', element.slots),
    described('Parts', 'part', element.cssParts),
    table(
      'Custom properties',
      ['custom property', 'default', 'description'],
      element.cssProperties.map(({name, default: value, description}) => [
        code(name),
        value ? code(value) : '',
        description,
      ]),
    ),
    described('Custom states', 'state', element.cssStates),
    `## Types\n\nThe declarations of the types above, and of those that they name.\n\n\`\`\`ts\n${used.join('\n\n')}\n\`\`\``,
  ].join('\n\n');
  return prettier.format(text, {...(await prettier.resolveConfig(FILE)), filepath: FILE});
}

const code = text => `\`${text.replaceAll('|', '\\|')}\``;
const described = (title, name, list) =>
  table(
    title,
    [name, 'description'],
    list.map(({name, description}) => [code(name), description]),
  );

function table(title, head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map(
    cells => `| ${cells.map(cell => cell.replaceAll('\n', ' ')).join(' | ')} |`,
  );
  return [`## ${title}`, '', ...lines].join('\n');
}

/** `{name: text}` of the declarations in these files, with their comments. */
function readTypes(files) {
  const types = new Map();
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
    const printer = ts.createPrinter({removeComments: false});
    for (const node of source.statements.filter(isDeclaration)) {
      const {name} = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node;
      const text = printer.printNode(ts.EmitHint.Unspecified, node, source);
      types.set(name.text, text.replace(/^export (declare )?(?=type|interface)/m, ''));
    }
  }
  return types;
}

const isDeclaration = node =>
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isVariableStatement(node);

/** The declarations that these texts name, and those that they name in turn. */
function typesIn(types, texts) {
  const found = new Map();
  const visit = text => {
    for (const [word] of text.matchAll(/\w+/g)) {
      const type = types.get(word);
      if (found.has(word) || type === undefined) continue;
      found.set(word, type);
      visit(type);
    }
  };
  texts.forEach(visit);
  return [...found.values()];
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  writeFileSync(FILE, await reference());
}
