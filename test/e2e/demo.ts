import {startEmulator} from '../../demo/emulator/index.js';
import {startHost} from '../../demo/host/server.js';

/** The origins of a running demo. */
export interface Demo {
  readonly hostOrigin: string;
  readonly embedOrigin: string;
  readonly apiOrigin: string;
}

/** Starts the demo's three servers on free ports. */
export async function startDemo(): Promise<Demo & {close(): Promise<void>}> {
  const emulator = await startEmulator({apiPort: 0, embedPort: 0});
  const {apiOrigin, embedOrigin} = emulator;
  const host = await startHost({port: 0, apiOrigin, embedOrigin, env: {}});
  return {
    hostOrigin: host.origin,
    embedOrigin,
    apiOrigin,
    close: async () => {
      await host.close();
      await emulator.close();
    },
  };
}
