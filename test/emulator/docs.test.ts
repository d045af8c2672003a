/** The samples of docs/emulator.md compile and run, and the pages of the emulator name what there is. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {promisify} from 'node:util';
import ts from 'typescript';
import {createManagementApi} from '../../src/emulator/management-api.js';
import {createState} from '../../src/emulator/state.js';
import {page, readText, root, type Sample} from '../docs/support/markdown.js';
import {installFramework} from '../support/frameworks.mjs';
import {secondWorkspace, startTestEmulator, type TestEmulator} from './support.js';

const VITE_APP = 'test/interop/preact';
const {prose: guide, samples} = page('docs/emulator.md');
const {prose: reference} = page('docs/emulator-reference.md');
const {prose: contract} = page('docs/maintainers/emulator.md');
const sample = (title: string): Sample => samples.find(one => one.title === title)!;

describe('docs/emulator.md', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator();
    // Its declarations say what a plugin of Vite is.
    await installFramework(VITE_APP);
  });
  after(() => emulator.close());

  it('compiles the TypeScript samples of the emulator page, with the types of Vite', () => {
    const chosen = samples.filter(({language}) => language === 'ts');
    assert.equal(chosen.length, 2);
    const files = new Map(
      chosen.map(({title, code}) => [path.join(root, VITE_APP, title!), `${code}\nexport {};\n`]),
    );
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules/@types')],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      paths: {
        'meshes-workspace/emulator/vite': [path.join(root, 'src/emulator/vite.ts')],
        'meshes-workspace/*': [path.join(root, 'src/*/index.ts')],
      },
    };
    const disk = ts.createCompilerHost(options);
    const program = ts.createProgram([...files.keys()], options, {
      ...disk,
      fileExists: name => files.has(path.normalize(name)) || disk.fileExists(name),
      getSourceFile: (name, ...rest) => {
        const text = files.get(path.normalize(name));
        return text === undefined
          ? disk.getSourceFile(name, ...rest)
          : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
      },
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .filter(({file}) => file && files.has(path.normalize(file.fileName)))
      .map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, ' '));
    assert.deepEqual(problems, []);
  });

  it('runs the sample test of the emulator page', async () => {
    // From the built package, by its name.
    const {stderr} = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', sample('emulator-test.ts').code],
      {cwd: root},
    );
    assert.equal(stderr, '');
  });

  it('runs the curl commands of the emulator page, which do what their comments say', async () => {
    const text = samples.find(({code}) => code.includes('curl'))!.code;
    const calls = [
      ...text.matchAll(/curl -X (\w+) http:\/\/127\.0\.0\.1:4602\/__emulator(\S+) [^]*?-d '(.*)'/g),
    ];
    assert.equal(calls.length, 2);
    for (const [, method, route, body] of calls) {
      const answer = await emulator.control(method!, route!, JSON.parse(body!));
      assert.ok(answer.status < 300, answer.text);
    }
    const {body: ada} = await emulator.mint({external_user_id: 'ada'});
    assert.equal(ada.expires_in, 15);
    const refresh = () => emulator.call('POST', `/api/v1/sessions/${ada.session_id}/refresh`);
    const statuses = [await refresh(), await refresh(), await refresh()].map(({status}) => status);
    assert.deepEqual(statuses, [503, 503, 200]);
  });

  it('shows on the emulator page the address and the credentials of every emulator', () => {
    const {code: variables} = samples.find(({code}) => code.includes('export '))!;
    const {organizationId, accessKey, secretKey, workspaceId, publishableKey} =
      emulator.credentials;
    assert.deepEqual(
      variables.match(/^export .*/gm),
      Object.entries({
        MESHES_API_URL: 'http://127.0.0.1:4602/api/v1',
        MESHES_ORGANIZATION_ID: organizationId,
        MESHES_ACCESS_KEY: accessKey,
        MESHES_SECRET_KEY: secretKey,
        MESHES_WORKSPACE_ID: workspaceId,
        MESHES_SECOND_WORKSPACE_ID: secondWorkspace.workspaceId,
      }).map(([name, value]) => `export ${name}=${value}`),
    );
    for (const key of [publishableKey, secondWorkspace.publishableKey]) {
      assert.ok(guide.includes(`\`${key}\``));
    }
  });

  it('finds on the pages of the emulator every option of the command, of createEmulator(), and of the plugin', () => {
    const usage = readText('src/emulator/command.ts');
    for (const [option] of usage.matchAll(/--[a-z-]+(?= +[A-Z])/g)) {
      if (option !== '--help') assert.ok(reference.includes(`\n- \`${option}\``), option);
    }
    const names = (file: string, type: string) => {
      const [, body] = new RegExp(`interface ${type} \\{(.*?)\\n\\}`, 's').exec(readText(file))!;
      return [...body!.matchAll(/readonly (\w+)\?/g)].map(([, name]) => name!);
    };
    const options = names('src/emulator/emulator-types.ts', 'EmulatorOptions');
    assert.ok(options.length >= 6);
    for (const name of options) assert.match(reference, new RegExp(`^- .*\`${name}\`[:\\s]`, 'm'));
    const pluginOptions = names('src/emulator/vite.ts', 'MeshesEmulatorPluginOptions');
    assert.ok(pluginOptions.length >= 3);
    const [, vite] = guide.split('\n## With Vite\n');
    for (const name of pluginOptions) assert.ok(vite!.includes(`\`${name}\``), name);
  });

  it('finds on the page for maintainers every route of the management API', () => {
    const routes = createManagementApi(createState(), 'http://127.0.0.1').routes.filter(
      ({method, path: route}) => method !== 'ALL' && route !== '/*',
    );
    assert.ok(routes.length > 30);
    const table = contract.replaceAll('…', '').replace(/[`,;]/g, ' ');
    for (const {path: route} of routes) {
      const written = route.replace(/\{.*?\}(?=\/|$)/, '').replace(':id(?!bulk$)[^/]+', ':id');
      const tail = /:\w+(\/[^:]+)$/.exec(written)?.[1];
      assert.ok(
        table.includes(`${written} `) || (tail !== undefined && table.includes(`${tail} `)),
        written,
      );
    }
  });

  it('finds on the reference page of the emulator every method of control, every control route, and every field of a fault', () => {
    for (const name of Object.keys(emulator.local)) {
      assert.ok(reference.includes(`- \`${name}()\``), name);
    }
    const source = readText('src/emulator/control-api.ts');
    const routes = [...source.matchAll(/api\.(get|post|put|delete)\('(.+?)'/g)];
    assert.ok(routes.length >= 12);
    for (const [, method, route] of routes) {
      assert.ok(reference.includes(`\`${method!.toUpperCase()} ${route}\``), route);
    }
    const [, body] = /faultSchema = z\.strictObject\(\{\n(.*?)\n\}\)/s.exec(source)!;
    const fields = [...body!.matchAll(/^ +(\w+): /gm)].map(([, name]) => name!);
    assert.ok(fields.length >= 9);
    for (const name of fields) assert.ok(reference.includes(`\`${name}\``), name);
  });
});
