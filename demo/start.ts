import {createEmulator} from 'meshes-workspace/emulator';
import {startHost} from './host/server.js';
import {readPorts} from './ports.js';

/** Runs the demo, which is the host app and both servers of the emulator, until a signal stops it. */

const start = async (): Promise<void> => {
  const {port, embedPort, apiPort} = readPorts(process.env);
  const emulator = await createEmulator({port: apiPort, embedPort});
  const {apiUrl, embedUrl, credentials} = emulator;
  const host = await startHost({port, apiUrl, embedUrl}).catch(async (error: unknown) => {
    await emulator.close();
    throw error;
  });

  process.stdout.write(`
  Host app                    ${host.origin}
  Embed app (in the iframe)   ${embedUrl}
  Management and events API   ${apiUrl}

  Demo credentials for the emulator:
    organization ID   ${credentials.organizationId}
    access key        ${credentials.accessKey}
    secret key        ${credentials.secretKey}
    workspace         ${credentials.workspaceId}
    publishable key   ${credentials.publishableKey}

  Open ${host.origin} in a browser. Ctrl+C stops all three servers.
`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void Promise.all([host.close(), emulator.close()]).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
};

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
