import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, describe, it} from 'node:test';
import {createEmulator, demoCredentials} from '../../src/emulator/index.js';
import {createMeshesServer} from '../../src/server/index.js';
import {machineJwt, request, startTestEmulator} from './support.js';

const mint = async (apiUrl: string) =>
  request(
    `${apiUrl}/sessions`,
    'POST',
    {workspace_id: demoCredentials.workspaceId},
    {Authorization: `Bearer ${await machineJwt()}`},
  );

describe('createEmulator()', () => {
  it('starts an emulator on free ports, and its apiUrl serves as baseUrl of the server helper', async () => {
    const emulator = await createEmulator({port: 0});
    assert.match(emulator.apiUrl, /^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/);
    assert.match(emulator.embedUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
    const {credentials, apiUrl, embedUrl} = emulator;
    const meshes = createMeshesServer({
      credentials,
      baseUrl: apiUrl,
      authorize: () => ({userId: 'ada', workspaceId: credentials.workspaceId, role: 'admin'}),
    });
    const {launch_url} = await meshes.launch(undefined, {
      request: new Request('http://localhost/'),
    });
    assert.equal(new URL(launch_url).origin, embedUrl);
    assert.equal((await fetch(launch_url)).status, 200);
    await emulator.close();
  });

  it('starts a hundred emulators in one process that do not disturb each other', async () => {
    const emulators = await Promise.all(Array.from({length: 100}, () => createEmulator({port: 0})));
    assert.equal(new Set(emulators.map(({apiUrl}) => apiUrl)).size, 100);
    const minted = await Promise.all(emulators.map(({apiUrl}) => mint(apiUrl)));
    // Each odd one is disturbed in every way that there is.
    emulators.forEach(({control}, index) => {
      if (index % 2 === 0) return;
      control.setClock(3_600_000);
      control.addFault({route: '* /data/*', status: 503});
      control.setLifetimes({accessTokenSeconds: 7});
      control.emit({event: 'only.here', payload: {index}});
      control.revoke();
    });
    await Promise.all(
      emulators.map(async ({apiUrl, embedUrl, control}, index) => {
        const {sessions, clockOffsetMs, faults} = control.state();
        assert.equal(sessions.length, 1);
        assert.equal(sessions[0]!.sessionId, minted[index]!.body.session_id);
        const disturbed = index % 2 === 1;
        assert.equal(sessions[0]!.status, disturbed ? 'revoked' : 'active');
        assert.equal(clockOffsetMs, disturbed ? 3_600_000 : 0);
        assert.equal(faults.length, disturbed ? 1 : 0);
        const answer = await fetch(`${embedUrl}/data/session`, {
          headers: {Authorization: `Bearer ${minted[index]!.body.access_token}`},
        });
        assert.equal(answer.status, disturbed ? 503 : 200);
        assert.equal((await mint(apiUrl)).body.expires_in, disturbed ? 7 : 1800);
        // A token of one is worth nothing in another.
        const other = emulators[(index + 2) % 100]!;
        const foreign = await fetch(`${other.embedUrl}/data/session`, {
          headers: {Authorization: `Bearer ${minted[index]!.body.access_token}`},
        });
        assert.equal(foreign.status, disturbed ? 503 : 401);
      }),
    );
    await Promise.all(emulators.map(emulator => emulator.close()));
    await Promise.all(emulators.map(({apiUrl}) => assert.rejects(fetch(apiUrl), TypeError)));
  });

  const invalid: readonly (readonly [options: object, message: RegExp])[] = [
    [{port: '4602'}, /^`port` must be a port number/],
    [{port: 1.5}, /^`port` must be/],
    [{embedPort: 70_000}, /^`embedPort` must be/],
    [{port: 4700, embedPort: 4700}, /^`embedPort` must differ/],
    [{host: 7}, /^`host` must be/],
    [{embedUrl: 'https://embed.example/x'}, /^`embedUrl` must be an origin/],
    [{embedUrl: 'ftp://embed.example'}, /^`embedUrl` must be an origin/],
    [{stateFile: ''}, /^`stateFile` must be/],
    [{clock: 0}, /^`clock` must be/],
    [{apiPort: 0}, /^`apiPort` is not an option/],
  ];
  for (const [options, message] of invalid) {
    it(`rejects the emulator options ${JSON.stringify(options)}, and names the option`, async () => {
      await assert.rejects(createEmulator(options), {message});
    });
  }

  describe('with a stateFile', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'emulator-state-'));
    after(() => rmSync(folder, {recursive: true}));

    it('continues the state of an earlier run: sessions, tokens, launch URLs, and workspaces', async () => {
      const stateFile = path.join(folder, 'state.json');
      const first = await startTestEmulator({stateFile});
      const {body: kept} = await first.mint({external_user_id: 'ada'});
      const {body: launched} = await first.mint();
      assert.equal((await fetch(launched.launch_url)).status, 200);
      const {body: sent} = await first.send({event: 'contact.created', payload: {email: 'a@b.c'}});
      const {body: rules} = await first.call('GET', '/api/v1/rules');
      await first.call('DELETE', `/api/v1/rules/${rules.records[0].id}`);
      await first.close();

      const second = await startTestEmulator({stateFile});
      assert.equal((await second.data(kept.access_token, 'GET', '/data/session')).status, 200);
      const launch = (url: string) =>
        fetch(new URL(new URL(url).pathname + new URL(url).search, second.embedUrl));
      assert.equal((await launch(kept.launch_url)).status, 200);
      assert.equal((await launch(launched.launch_url)).status, 401);
      const {body: event} = await second.call('GET', `/api/v1/events/${sent.event.id}`);
      assert.equal(event.total_rules, 2);
      const {body: left} = await second.call('GET', '/api/v1/rules');
      assert.equal(left.count, rules.count - 1);
      await second.call('POST', `/api/v1/sessions/${kept.session_id}/refresh`);
      await second.close();

      const third = await startTestEmulator({stateFile});
      const stale = await third.data(kept.access_token, 'GET', '/data/session');
      assert.match(stale.body.message, /Stale token/);
      await third.close();
    });

    it('saves the state file while the emulator runs, so that a killed process loses nothing', async () => {
      const stateFile = path.join(folder, 'killed.json');
      const running = await startTestEmulator({stateFile});
      const {body} = await running.mint();
      while (!readFileSync(stateFile, 'utf8').includes(body.session_id)) {
        await running.call('GET', '/api/v1/rules');
      }
      if (process.platform !== 'win32') assert.equal(statSync(stateFile).mode & 0o777, 0o600);
      await running.close();
    });

    it('refuses a state file with another content, and does not change it', async () => {
      const stateFile = path.join(folder, 'package.json');
      for (const content of ['{"name": "app"}', 'not JSON', 'null']) {
        writeFileSync(stateFile, content);
        await assert.rejects(
          createEmulator({port: 0, stateFile}),
          /^OptionError: `stateFile` names a file/,
        );
        assert.equal(readFileSync(stateFile, 'utf8'), content);
      }
    });

    it('reports a state file that cannot be written or read', async () => {
      await assert.rejects(
        createEmulator({port: 0, stateFile: path.join(folder, 'none', 'state.json')}),
        /`stateFile` cannot be written \(ENOENT\)/,
      );
      await assert.rejects(
        createEmulator({port: 0, stateFile: folder}),
        /cannot be read \(EISDIR\)/,
      );
    });
  });
});
