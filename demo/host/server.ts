import {listen, type Listening} from '../listen.js';
import {readAssets} from './assets.js';
import {createHostApp} from './host-app.js';
import {readMeshesTarget} from './meshes-target.js';

export interface HostOptions {
  /** Port; 0 selects a free one. Default: 4600. */
  readonly port?: number;
  /** Host. Default: `localhost`, on IPv4 and IPv6. */
  readonly host?: string;
  /** URLs of the emulator: its API, and its embed app. */
  readonly apiUrl: string;
  readonly embedUrl: string;
  /** Environment. With `MESHES_*`, the demo uses the real Meshes. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts the host app. Rejects if its port is in use, or the package is not built. */
export const startHost = async ({
  port = 4600,
  host = 'localhost',
  apiUrl,
  embedUrl,
  env = process.env,
}: HostOptions): Promise<Listening> => {
  const target = readMeshesTarget(env, {apiUrl, embedUrl});
  const app = await createHostApp(target, await readAssets());
  return listen(app.fetch, port, host, 'PORT');
};
