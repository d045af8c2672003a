/** The test double of the packed package in jsdom and happy-dom, by Vitest, together with the samples of docs/testing.md. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {promisify} from 'node:util';
import {page, root} from '../docs/support/markdown.js';
import {installFramework, installPackage} from '../support/frameworks.mjs';

const FOLDER = 'test/testing/hosts';
const SAMPLES = path.join(root, FOLDER, '.samples');

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

describe('meshes-workspace/testing in Vitest', () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-hosts-'));
  before(async () => {
    await installFramework(FOLDER);
    installPackage([FOLDER]);
    mkdirSync(SAMPLES, {recursive: true});
    for (const {title, code} of page('docs/testing.md').samples) {
      if (title && !/\/|\.spec\.ts$/.test(title)) writeFileSync(path.join(SAMPLES, title), code);
    }
  });
  after(() => {
    rmSync(SAMPLES, {recursive: true, force: true});
    rmSync(scratch, {recursive: true, force: true});
  });

  for (const environment of ['jsdom', 'happy-dom']) {
    it(`passes the tests of the double and the samples of docs/testing.md in ${environment}`, async () => {
      const output = path.join(scratch, `${environment}.json`);
      const run = await promisify(execFile)(
        process.execPath,
        [
          'node_modules/vitest/vitest.mjs',
          'run',
          `--environment=${environment}`,
          '--reporter=json',
          `--outputFile=${output}`,
        ],
        {cwd: path.join(root, FOLDER)},
      ).catch((error: unknown) => error as {stdout: string; stderr: string});
      const {testResults} = readReport(output, run);
      const problems = testResults.flatMap(({name, message, assertionResults}) => [
        ...(assertionResults.length === 0 ? [`${name}: ${message}`] : []),
        ...assertionResults
          .filter(({status}) => status !== 'passed')
          .map(({fullName, failureMessages}) => `${fullName}: ${failureMessages.join('\n')}`),
      ]);
      assert.deepEqual(problems, []);
      const files = testResults.map(({name}) => path.basename(name)).sort();
      assert.deepEqual(files, [
        'double.vitest.ts',
        'endpoint.test.ts',
        'integrations.test.ts',
        'react.vitest.ts',
      ]);
    });
  }
});

describe('the two projects of docs/testing-reference.md in Vitest', () => {
  // In the folder of the host tests, so that their packages resolve.
  const app = path.join(SAMPLES, 'projects');
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(app, name)), {recursive: true});
    writeFileSync(path.join(app, name), text);
  };
  before(async () => {
    await installFramework(FOLDER);
    installPackage([FOLDER]);
    const sample = (from: string, title: string) =>
      page(from).samples.find(each => each.title === title)!.code;
    // What the plugins of Svelte do, as far as the package is concerned.
    const plugins = `const svelte = () => ({name: 'svelte'});
      const svelteTesting = () => ({
        name: 'browser',
        config: ({resolve: {conditions}}) => void conditions.splice(conditions.indexOf('node'), 0, 'browser'),
      });
`;
    write('vitest.config.ts', plugins + sample('docs/testing-reference.md', 'vitest.config.ts'));
    write('setup.ts', sample('docs/testing.md', 'setup.ts'));
    write('src/integrations.test.ts', sample('docs/testing.md', 'integrations.test.ts'));
    const endpoint = `import {createMeshesServer} from 'meshes-workspace/server';
      import {expect, test} from 'vitest';
      test('has an endpoint', () => expect(createMeshesServer).toBeTypeOf('function'));`;
    write('server/endpoint.test.ts', endpoint);
    write('src/endpoint.test.ts', `// @vitest-environment node\n${endpoint}`);
  });
  after(() => rmSync(SAMPLES, {recursive: true, force: true}));

  it('passes the tests of components with the condition "browser" and of the endpoint without it, and names the testing page in an endpoint test of the wrong project', async () => {
    const output = path.join(app, 'report.json');
    const run = await promisify(execFile)(
      process.execPath,
      ['../../node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${output}`],
      {cwd: app},
    ).catch((error: unknown) => error as {stdout: string; stderr: string});
    const outcomes = readReport(output, run).testResults.map(
      ({name, message, assertionResults}) => [
        path.relative(app, name),
        message
          .split('In Vitest, ')
          .at(-1)!
          .replace(/https:\S+\//, ''),
        assertionResults.map(({status}) => status).join(),
      ],
    );
    assert.deepEqual(outcomes.sort(), [
      ['server/endpoint.test.ts', '', 'passed'],
      ['src/endpoint.test.ts', 'see testing-reference.md#vitest', ''],
      ['src/integrations.test.ts', '', 'passed,passed'],
    ]);
  });
});

function readReport(file: string, {stdout, stderr}: {stdout: string; stderr: string}): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    throw new Error(`Vitest has written no report.\n${stdout}\n${stderr}`);
  }
}
