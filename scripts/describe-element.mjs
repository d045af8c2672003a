/**
 * Describes the element for editors and other tools. The custom elements manifest comes from the sources and the properties of the
 * built class; web-types (JetBrains) and custom data (VS Code) come from the manifest.
 */
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {create, ts} from '@custom-elements-manifest/analyzer/index.js';

const CLASS = 'MeshesWorkspaceElement';
/** What Lit and the browser call, and Lit's own settings. */
const NOT_FOR_USERS = [
  'styles',
  'properties',
  'shadowRootOptions',
  'connectedMoveCallback',
  'handOver',
];
/** Sources of the names that stand in the types of members and events. */
const SOURCES = [
  'src/element/meshes-workspace.ts',
  'src/element/element-events.ts',
  'src/element/launch-page.ts',
  'src/session/machine-types.ts',
];
/** Of the DOM: what can be written for it. */
const RequestCredentials = "'same-origin' | 'include' | 'omit'";

/** `{[file]: content}` of the three files. Reads src/ and the built class in dist/. */
export async function describeElement({name, version}) {
  const {[CLASS]: built} = await load('dist/element/index.js');
  const {DEFAULTS} = await load('dist/element/attributes.js');
  const defaults = {...DEFAULTS, credentials: 'same-origin', debug: false, deferHydration: false};
  const sources = SOURCES.map(parse);
  const element = readElement(sources[0], built.properties, defaults, readAliases(sources));
  return {
    'custom-elements.json': manifest(element),
    'web-types.json': webTypes(element, {name, version}),
    'html-custom-data.json': customData(element),
  };
}

const load = file => import(pathToFileURL(file).href);

function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** Type aliases whose values can be written down, `{LaunchPage: "'dashboard' | …"}`. */
function readAliases(sources) {
  const aliases = {RequestCredentials};
  const lists = {};
  for (const node of sources.flatMap(source => [...source.statements])) {
    if (ts.isVariableStatement(node)) {
      const [{name, initializer}] = node.declarationList.declarations;
      if (initializer && ts.isAsExpression(initializer)) {
        lists[name.text] = (initializer.expression.elements ?? []).map(({text}) => `'${text}'`);
      }
    } else if (ts.isTypeAliasDeclaration(node)) {
      const text = node.type.getText();
      const [, list] = /^\(typeof (\w+)\)\[number\]$/.exec(text) ?? [];
      const [, of, without] = /^Exclude<(\w+), ('\w+')>$/.exec(text) ?? [];
      if (list) aliases[node.name.text] = lists[list].join(' | ');
      else if (ts.isUnionTypeNode(node.type)) aliases[node.name.text] = union(node.type);
      else if (of) aliases[node.name.text] = {of, without};
    }
  }
  for (const [name, alias] of Object.entries(aliases)) {
    if (typeof alias === 'string') continue;
    const values = aliases[alias.of].split(' | ').filter(value => value !== alias.without);
    aliases[name] = values.join(' | ');
  }
  return aliases;
}

const union = type => type.types.map(part => part.getText()).join(' | ');

function readElement(source, properties, defaults, aliases) {
  const {modules} = create({modules: [source]});
  const element = modules[0].declarations.find(({name}) => name === CLASS);
  const expand = text =>
    text.replace(/\w+/g, word => (Object.hasOwn(aliases, word) ? aliases[word] : word));
  const members = element.members
    .filter(({name, privacy}) => !privacy && !NOT_FOR_USERS.includes(name))
    .map(member => {
      const {default: _, ...rest} = member;
      if (member.kind !== 'field' || member.static) return rest;
      const attribute = properties[member.name]?.attribute;
      return {
        ...rest,
        type: {text: expand(member.type.text)},
        ...(member.name in defaults ? {default: quoted(defaults[member.name])} : {}),
        ...(typeof attribute === 'string' ? {attribute} : {}),
      };
    });
  const attributes = members
    .filter(({attribute}) => attribute)
    .map(({name, attribute, kind, ...rest}) => ({name: attribute, fieldName: name, ...rest}));
  return {...element, members, attributes};
}

const quoted = value => (typeof value === 'string' ? `'${value}'` : String(value));

function manifest(element) {
  const module = 'dist/element/meshes-workspace.js';
  const declaration = {name: CLASS, module};
  return {
    schemaVersion: '2.1.0',
    readme: 'README.md',
    modules: [
      {
        kind: 'javascript-module',
        path: module,
        declarations: [element],
        exports: [{kind: 'js', name: CLASS, declaration}],
      },
      {
        kind: 'javascript-module',
        path: 'dist/define.js',
        declarations: [],
        exports: [
          {kind: 'js', name: CLASS, declaration},
          {kind: 'custom-element-definition', name: element.tagName, declaration},
        ],
      },
    ],
  };
}

/** Values of an attribute that takes only certain ones. */
const valuesOf = ({type}) => [...type.text.matchAll(/'([\w-]+)'/g)].map(([, name]) => ({name}));

function webTypes({tagName, description, ...element}, {name, version}) {
  const described = list => list.map(({name, description}) => ({name, description}));
  const typed = ({name, description, type, default: value}) => ({
    name,
    description,
    value: {type: type.text},
    ...(value === undefined ? {} : {default: value}),
  });
  const properties = element.members.filter(member => member.kind === 'field' && !member.static);
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: [
          {
            name: tagName,
            description,
            source: {module: name, symbol: CLASS},
            attributes: element.attributes.map(typed),
            slots: described(element.slots),
            js: {
              properties: properties.map(property => ({
                ...typed(property),
                ...(property.readonly ? {'read-only': true} : {}),
              })),
              events: element.events.map(({name, description, type}) => ({
                name,
                description,
                value: {type: type.text},
              })),
            },
            css: {
              properties: described(element.cssProperties),
              parts: described(element.cssParts),
              'pseudo-classes': element.cssStates.map(({name, description}) => ({
                name: `state(${name})`,
                description,
              })),
            },
          },
        ],
      },
    },
  };
}

/** The format knows of tags and attributes alone; the rest goes into the text that is shown at the tag. */
function customData({tagName, description, ...element}) {
  const markdown = value => ({kind: 'markdown', value});
  const section = (title, list, show) =>
    [`**${title}**`, ...list.map(item => `- ${show(item)}: ${item.description}`)].join('\n');
  return {
    version: 1.1,
    tags: [
      {
        name: tagName,
        description: markdown(
          [
            description,
            section('Events', element.events, ({name, type}) => `\`${name}\` \`${type.text}\``),
            section('Slots', element.slots, ({name}) => `\`${name}\``),
            section('Parts', element.cssParts, ({name}) => `\`::part(${name})\``),
            section('Custom properties', element.cssProperties, ({name}) => `\`${name}\``),
            section('States', element.cssStates, ({name}) => `\`:state(${name})\``),
          ].join('\n\n'),
        ),
        attributes: element.attributes.map(attribute => ({
          name: attribute.name,
          description: markdown(attribute.description),
          ...(attribute.type.text === 'boolean' ? {valueSet: 'v'} : {}),
          ...(valuesOf(attribute).length > 0 ? {values: valuesOf(attribute)} : {}),
        })),
      },
    ],
  };
}
