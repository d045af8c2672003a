import {createEmulator} from '../../src/emulator/index.js';
import {startHost} from '../../demo/host/server.js';

/** The origins of a running demo. */
export interface Demo {
  readonly hostOrigin: string;
  readonly embedOrigin: string;
  readonly apiOrigin: string;
}

/** Starts the demo's three servers on free ports. */
export async function startDemo(): Promise<Demo & {close(): Promise<void>}> {
  const emulator = await createEmulator({port: 0});
  const {apiUrl, embedUrl} = emulator;
  const host = await startHost({port: 0, apiUrl, embedUrl, env: {}});
  return {
    hostOrigin: host.origin,
    embedOrigin: embedUrl,
    apiOrigin: new URL(apiUrl).origin,
    close: async () => {
      await host.close();
      await emulator.close();
    },
  };
}
