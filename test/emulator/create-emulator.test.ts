import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {createEmulator, demoCredentials, type EmulatorOptions} from '../../src/emulator/index.js';
import {createMeshesServer} from '../../src/server/index.js';
import {machineJwt, request} from './support.js';

const mint = async (apiUrl: string) =>
  request(
    `${apiUrl}/sessions`,
    'POST',
    {workspace_id: demoCredentials.workspaceId},
    {Authorization: `Bearer ${await machineJwt()}`},
  );

describe('createEmulator()', () => {
  it('takes free ports, and its apiUrl serves as baseUrl of the server helper', async () => {
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
    it(`rejects ${JSON.stringify(options)}, and names the option`, async () => {
      await assert.rejects(createEmulator(options as EmulatorOptions), {message});
    });
  }
});
