/** What coding agents read in the package: llms.txt, llms-full.txt, and SKILL.md. */
import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import path from 'node:path';
import {describe, test} from 'node:test';
import {createEmulator} from 'meshes-workspace/emulator';
import {llmsFiles, userDocuments} from '../../scripts/write-llms.mjs';
import {pages, readText, root} from '../docs/support/markdown.js';
import {readSamplesOf, writeSamples} from '../server/support/doc-samples.js';
import {spawnServer} from '../server/support/spawned-server.js';

const runNode = (args: string[], cwd: string) =>
  new Promise<{status: number; output: string}>(resolve => {
    const child = execFile(process.execPath, args, {cwd}, (_, stdout, stderr) =>
      resolve({status: child.exitCode ?? -1, output: stdout + stderr}),
    );
  });

const documents = pages
  .map(({name}) => name)
  .filter(name => /^docs\/(frameworks\/)?[\w-]+\.md$/.test(name));

describe('llms.txt', () => {
  for (const [file, text] of Object.entries(llmsFiles(root))) {
    test(`the build writes ${file} from the documents`, () => {
      assert.equal(readText(file), text);
    });
  }

  test('llms.txt lists every document for users with its title and a sentence', () => {
    const lines = [...readText('llms.txt').matchAll(/^- \[(.+)\]\((.+\.md)\): (.+)\.$/gm)];
    assert.deepEqual(lines.map(([, , file]) => file).sort(), documents.sort());
    assert.deepEqual(userDocuments(root).sort(), documents.sort());
    for (const [line, title] of lines) {
      assert.ok(title && line.length < 350, line);
    }
  });

  test('llms-full.txt holds the text of every document, and no context of the tests', () => {
    const text = readText('llms-full.txt');
    for (const name of ['README.md', 'SKILL.md', ...documents]) {
      assert.ok(text.includes(`<!-- ${name} -->`), name);
      const lines = readText(name)
        .replace(/<!--.*?-->/gs, '')
        .split('\n');
      assert.deepEqual(
        lines.filter(line => !text.includes(line)),
        [],
        name,
      );
    }
    assert.doesNotMatch(text, /<!-- sample:/);
  });
});

describe('SKILL.md', () => {
  const SESSION = `export const currentUser = request => {
    const [, id] = /user=(\\w+)/.exec(request?.headers.get('cookie') ?? '') ?? [];
    return id ? {id, workspaceId: process.env.WORKSPACE_ID, isAdmin: false} : null;
  };`;
  const samples = readSamplesOf('SKILL.md').set('session.js', SESSION);

  test('SKILL.md has the name of the package', () => {
    const {name} = JSON.parse(readText('package.json')) as {name: string};
    const [, header = ''] = /^---\n(.*?)\n---\n/s.exec(readText('SKILL.md')) ?? [];
    assert.match(header, new RegExp(`^name: ${name}\\ndescription: .{40,1024}$`));
  });

  test('the endpoint of SKILL.md passes check-endpoint', async t => {
    const folder = writeSamples(samples);
    t.after(folder.remove);
    const emulator = await createEmulator({port: 0});
    t.after(() => emulator.close());
    const {organizationId, accessKey, secretKey, workspaceId} = emulator.credentials;
    const server = await spawnServer(process.execPath, ['server.js'], {
      cwd: folder.path,
      env: {
        MESHES_ORGANIZATION_ID: organizationId,
        MESHES_ACCESS_KEY: accessKey,
        MESHES_SECRET_KEY: secretKey,
        MESHES_API_URL: emulator.apiUrl,
        WORKSPACE_ID: workspaceId,
      },
    });
    t.after(server.stop);
    const url = `${server.origin}/api/meshes/session`;
    const cookies = ['--cookie', 'user=ada', '--other-cookie', 'user=eve'];
    const embed = ['--embed-origin', emulator.embedUrl];
    // Not execFileSync: the emulator answers in this process.
    const {status, output} = await runNode(
      [path.join(root, 'dist/cli.js'), 'check-endpoint', url, ...cookies, ...embed],
      folder.path,
    );
    assert.equal(status, 0, output);
  });

  test('the tests of SKILL.md pass with its endpoint', t => {
    const folder = writeSamples(samples);
    t.after(folder.remove);
    const output = execFileSync(process.execPath, ['--test', 'meshes.test.js'], {
      cwd: folder.path,
      encoding: 'utf8',
      // A test runner within a test reports to the outer one otherwise.
      env: {PATH: process.env['PATH']},
    });
    assert.match(output, /pass 2\b/);
  });
});
