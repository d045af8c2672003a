import {demoCredentials, startEmulator} from './emulator/index.js';
import {startHost} from './host/server.js';

/** Runs the demo: the host app and both servers of the emulator, until it is stopped. */

const portOf = (variable: string, fallback: number): number => {
  const text = process.env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${variable} must be a port number from 0 to 65535.`);
};

const start = async (): Promise<void> => {
  const emulator = await startEmulator({
    apiPort: portOf('API_PORT', 4602),
    embedPort: portOf('EMBED_PORT', 4601),
  });
  const {apiOrigin, embedOrigin} = emulator;
  const host = await startHost({port: portOf('PORT', 4600), apiOrigin, embedOrigin}).catch(
    async (error: unknown) => {
      await emulator.close();
      throw error;
    },
  );

  process.stdout.write(`
  Host app                    ${host.origin}
  Embed app (in the iframe)   ${embedOrigin}
  Management and events API   ${apiOrigin}

  Demo credentials, for any client that wants to talk to the emulator:
    organization id   ${demoCredentials.organizationId}
    access key        ${demoCredentials.accessKey}
    secret key        ${demoCredentials.secretKey}
    workspace         ${demoCredentials.workspaceId}
    publishable key   ${demoCredentials.publishableKey}

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
