/**
 * `npm run reference`: writes docs/reference.md from the custom elements manifest in dist/, the exports of package.json, and the
 * comments in src/errors.ts. Writes the integrity hashes of the CDN files into the documents that load them.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import prettier from 'prettier';
import ts from 'typescript';

const FILE = 'docs/reference.md';

const code = text => `\`${text}\``;

/** What each entry point is for. `/*` stands for all entry points of a folder. */
const ENTRY_POINTS = {
  'meshes-workspace': `Registers the tag. Exports ${exportsOf('src/element/index.ts')}.`,
  'meshes-workspace/element': 'The same without side effects, and `define(tag?, registry?)`.',
  'meshes-workspace/server': '`createMeshesServer`, [the session endpoint](backend.md).',
  'meshes-workspace/server/node':
    '`toNodeHandler`, `toRequest`, for Express, Fastify, and `node:http`.',
  'meshes-workspace/events': '`MeshesEventsClient`, `MeshesApiError`, to [send events](events.md).',
  'meshes-workspace/emulator': '`createEmulator`, [the emulator](emulator.md).',
  'meshes-workspace/emulator/vite': '`meshesEmulator`, a Vite plugin.',
  'meshes-workspace/testing':
    '`installTestWorkspace`, `goTo`, `sessionHandlers`, for [tests](testing.md) without a browser.',
  'meshes-workspace/testing/playwright': '`meshesFixtures`, [fixtures for Playwright](testing.md).',
  'meshes-workspace/react': '`MeshesWorkspace`, a [component](frameworks/react.md).',
  'meshes-workspace/instant': '`warm`, `keep`, `discard`, for [speed](performance.md).',
  'meshes-workspace/vue':
    '`vKeepWorkspace`, which [keeps the workspace](performance.md#keep-the-workspace-across-routes) across routes.',
  'meshes-workspace/strings/*': 'Texts of the views in [ten languages](languages.md).',
  'meshes-workspace/types/*': 'Types of the tag for `react`, `vue`, `svelte`, `solid`, `preact`.',
  'meshes-workspace/styles.css':
    'Reserves space [before the script runs](sizing.md#before-the-script-runs).',
  'meshes-workspace/cdn/*': 'Files for CDNs, and their hashes in `sri.json`.',
};

/** The text of docs/reference.md. */
export async function reference() {
  const manifest = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8'));
  const element = manifest.modules[0].declarations[0];
  const {isRetryable} = await load('dist/errors.js');
  const fields = readFields('src/element/element-events.ts');
  const {errors, warnings} = readCodes('src/errors.ts');
  const properties = element.members.filter(({kind}) => kind === 'field');
  const methods = element.members.filter(({kind}) => kind === 'method');
  const text = [
    `# Reference`,
    `\`<${element.tagName}>\`, class \`${element.name}\`. Editors show the same texts.`,
    section(
      'Attributes',
      `Each attribute has a property with its name in camel case: \`tokenEndpoint\` for \`token-endpoint\`. You can set properties before
the element is defined. The empty string and \`false\` count as not set.`,
      list(
        properties
          .filter(({attribute}) => attribute)
          .map(({attribute, default: value, description}) => ({
            name: attribute,
            default: value === 'false' ? undefined : value?.replaceAll("'", ''),
            description:
              value === undefined ? description : description.replace(/; default[^;]*(?=\.$)/, ''),
          })),
      ),
      `A change of \`subject\`, \`launch-url\`, \`session-id\`, an endpoint, \`embed-origin\`, \`credentials\`, \`sandbox\`, or \`allow\` starts a
new session.`,
    ),
    section(
      'Properties without an attribute',
      list(
        properties
          .filter(({attribute}) => !attribute)
          .map(({name, description, ...is}) => ({
            name,
            description: `${is.static ? 'Static. ' : is.readonly ? 'Read-only. ' : ''}${description}`,
          })),
      ),
    ),
    section(
      'Methods',
      list(
        methods.map(({name, parameters = [], description}) => ({
          name: `${name}(${parameters.map(({name, optional}) => `${name}${optional ? '?' : ''}`).join(', ')})`,
          description,
        })),
      ),
      'The promises reject with a `MeshesError` when the workspace fails or expires, or when the element is removed from the document.',
    ),
    section(
      'Events',
      'All events bubble and are composed. The name is followed by the `detail`.',
      list(
        element.events.map(({name, type, description}) => {
          const [, detail] = /<(\w+)>/.exec(type.text);
          return {name, description: `${code(fields.get(detail) ?? detail)}. ${description}`};
        }),
      ),
    ),
    section(
      'States',
      '`element.state`, and in CSS `meshes-workspace:state(ready)`. See [Sessions](session.md#the-states).',
      list(element.cssStates),
    ),
    section('Slots', list(element.slots)),
    section('Parts', list(element.cssParts)),
    section(
      'Custom properties',
      list(element.cssProperties),
      'Properties without a default are derived from `surface` and `text`.',
    ),
    section(
      'Errors',
      `A \`MeshesError\` has a \`code\`, a \`phase\` (\`config\`, \`mint\`, \`refresh\`, or \`frame\`), \`retryable\`, a \`message\` without secrets,
and, if known, \`status\`, \`retryAfterMs\`, and \`cause\`.`,
      `- Retried automatically: ${links(errors.filter(isRetryable))}\n- Final: ${links(errors.filter(name => !isRetryable(name)))}`,
      'Each failure is also logged to the console, unless the page cancels the event.',
    ),
    section(
      'Warnings',
      `While \`reconnecting\`, the code of a warning is the error code of the failed refresh. The other codes:
${links(warnings)}.`,
      'Each kind of warning is logged once, unless the page cancels the event.',
    ),
    section(
      'Entry points',
      list(entryPoints()),
      'All but the CDN files can be imported on a server.',
    ),
  ].join('\n\n');
  return formatted(text, FILE);
}

/** The tags of the documents and sample backends that load CDN files get the integrity hashes of the built files: name → text. */
export function textsWithHashes() {
  const hashes = JSON.parse(readFileSync('dist/cdn/sri.json', 'utf8'));
  const names = readdirSync('docs', {recursive: true})
    .filter(name => /\.(md|go|php|py|rb|ru)$/.test(name))
    .map(name => `docs/${name.replaceAll('\\', '/')}`);
  const tag = /(dist\/cdn\/([\w.-]+)"\s+integrity=")[^"]*/g;
  return new Map(
    ['README.md', ...names].flatMap(name => {
      const text = readFileSync(name, 'utf8');
      const written = text.replace(tag, (_, start, file) => start + hashes[file]);
      return text.search(tag) === -1 ? [] : [[name, written]];
    }),
  );
}

/** `{name, description}` of the entry points, in the order of package.json. One item stands for all entry points of a folder. */
function entryPoints() {
  const {exports} = JSON.parse(readFileSync('package.json', 'utf8'));
  const items = new Map();
  for (const entry of Object.keys(exports).filter(name => !name.endsWith('.json'))) {
    const name = entry.replace(/^\./, 'meshes-workspace');
    const folder = `${path.posix.dirname(name)}/*`;
    const key = [name, folder].find(each => Object.hasOwn(ENTRY_POINTS, each));
    if (!key) throw new Error(`ENTRY_POINTS in scripts/write-reference.mjs lacks ${name}`);
    items.set(key, {name: key, description: ENTRY_POINTS[key]});
  }
  const unknown = Object.keys(ENTRY_POINTS).filter(key => !items.has(key));
  if (unknown.length > 0) throw new Error(`package.json does not export ${unknown}`);
  return [...items.values()];
}

/** The names that a module exports: values, then types. */
function exportsOf(file) {
  const values = [];
  const types = [];
  for (const statement of parse(file)) {
    const isExported = statement.modifiers?.some(({kind}) => kind === ts.SyntaxKind.ExportKeyword);
    if (isExported) values.push(statement.name.text);
    if (!ts.isExportDeclaration(statement)) continue;
    for (const {name, isTypeOnly} of statement.exportClause.elements) {
      (statement.isTypeOnly || isTypeOnly ? types : values).push(name.text);
    }
  }
  const names = list => list.sort().map(code).join(', ');
  return `${names(values)}. Types: ${names(types)}`;
}

/** The names of the codes with a comment before them. Members of a union, after a bar, are warnings. */
function readCodes(file) {
  const found = [...readFileSync(file, 'utf8').matchAll(/\/\*\* .* \*\/\n *(\| )?'(\w+)'/g)];
  const names = isWarning =>
    found.filter(([, bar]) => (bar !== undefined) === isWarning).map(([, , name]) => name);
  return {errors: names(false), warnings: names(true)};
}

const load = file => import(pathToFileURL(file).href);
const formatted = async (text, file) =>
  prettier.format(text, {...(await prettier.resolveConfig(file)), filepath: file});

function parse(file) {
  const text = readFileSync(file, 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022).statements;
}

const links = names => names.map(name => `[\`${name}\`](troubleshooting.md#${name})`).join(', ');
const section = (title, ...parts) => [`## ${title}`, ...parts].join('\n\n');
const list = items =>
  items
    .map(({name, default: value, description}) =>
      [`- ${code(name)}: ${description}`, ...(value ? [`Default: ${code(value)}.`] : [])].join(' '),
    )
    .join('\n');

/** `{ReadyDetail: '{sessionId, origin}'}` of the interfaces in a file. */
function readFields(file) {
  return new Map(
    parse(file)
      .filter(ts.isInterfaceDeclaration)
      .map(({name, members}) => [
        name.text,
        `{${members.map(member => member.name.text).join(', ')}}`,
      ]),
  );
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  writeFileSync(FILE, await reference());
  for (const [name, text] of textsWithHashes()) writeFileSync(name, text);
}
