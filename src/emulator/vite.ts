import {createMeshesServer, type MeshesServerOptions} from '../server/index.js';
import {toNodeHandler, type NodeRequest, type NodeResponse} from '../server/node.js';
import {createEmulator} from './create-emulator.js';
import {demoCredentials} from './credentials.js';
import type {Emulator, EmulatorOptions} from './emulator-types.js';

export interface MeshesEmulatorPluginOptions {
  /** Path of the session endpoint. Refreshes are answered at this path, and at `/refresh` below it. Default: `/api/meshes/session`. */
  readonly endpoint?: string | undefined;
  /** `authorize` of `createMeshesServer`. Default: an admin of the demo workspace. */
  readonly authorize?: MeshesServerOptions['authorize'] | undefined;
  /** Options of the emulator. Default: free ports. */
  readonly emulator?: EmulatorOptions | undefined;
}

/** The used part of Vite's development server. */
export interface DevServer {
  readonly middlewares: {
    use(
      handler: (
        request: NodeRequest,
        response: NodeResponse,
        next: (error?: unknown) => void,
      ) => void,
    ): unknown;
  };
  readonly config: {readonly logger: {info(message: string): void}};
}

/** A Vite plugin. This package does not depend on Vite. */
export interface MeshesEmulatorPlugin {
  readonly name: string;
  readonly apply: 'serve';
  configureServer(server: DevServer): Promise<void>;
  closeBundle(): Promise<void>;
}

const DEFAULT_ENDPOINT = '/api/meshes/session';

/**
 * Returns a Vite plugin that starts an emulator and a session endpoint with Vite's development server, so that the tag works without a
 * backend. Has no effect on builds.
 */
export const meshesEmulator = (options: MeshesEmulatorPluginOptions = {}): MeshesEmulatorPlugin => {
  const {
    endpoint = DEFAULT_ENDPOINT,
    emulator: emulatorOptions = {port: 0},
    authorize = () => ({
      userId: 'developer',
      workspaceId: demoCredentials.workspaceId,
      role: 'admin',
    }),
  } = options;
  const paths = [endpoint, `${endpoint}/refresh`];
  const releases: (() => Promise<void>)[] = [];

  return {
    name: 'meshes-workspace:emulator',
    apply: 'serve',
    async configureServer(server) {
      const shared = await share(emulatorOptions);
      const {apiUrl, embedUrl, credentials} = shared.emulator;
      releases.push(shared.release);
      const {handler} = createMeshesServer({credentials, authorize, baseUrl: apiUrl});
      const handle = toNodeHandler(handler);
      server.middlewares.use((request, response, next) => {
        const [path = ''] = (request.url ?? '').split('?');
        if (paths.includes(path)) void handle(request, response, next);
        else next();
      });
      server.config.logger.info(
        `  Meshes emulator: ${apiUrl} (embed app: ${embedUrl}, session endpoint: ${endpoint})`,
      );
    },
    // Vite calls it when the server closes, also before it restarts.
    async closeBundle() {
      await releases.shift()?.();
    },
  };
};

/**
 * Emulators by their options. When Vite restarts, the new server starts before the old one closes, and takes over its emulator with the
 * ports and the sessions.
 */
const running = new Map<string, {emulator: Promise<Emulator>; users: number}>();

const share = async (
  options: EmulatorOptions,
): Promise<{emulator: Emulator; release: () => Promise<void>}> => {
  const key = JSON.stringify(options);
  const entry = running.get(key) ?? {emulator: createEmulator(options), users: 0};
  running.set(key, entry);
  entry.users++;
  const release = async (): Promise<void> => {
    entry.users--;
    if (entry.users > 0) return;
    running.delete(key);
    await (await entry.emulator).close();
  };
  try {
    return {emulator: await entry.emulator, release};
  } catch (error) {
    running.delete(key);
    throw error;
  }
};
