import type {MeshesCredentials} from 'meshes-workspace/server';
import {demoCredentials, secondWorkspace} from 'meshes-workspace/emulator';

export interface HostWorkspace {
  readonly workspaceId: string;
  /** Publishable key. Without it, the form cannot send events. */
  readonly publishableKey: string | undefined;
}

/** The Meshes that the host app uses: the emulator, or the real one. */
export interface MeshesTarget {
  readonly credentials: MeshesCredentials;
  /** Base URLs of the management API and of the events API, up to `/api/v1`. */
  readonly managementUrl: string;
  readonly eventsUrl: string;
  readonly embedOrigin: string;
  /** The workspaces of the two companies of the demo. */
  readonly workspaces: readonly [HostWorkspace, HostWorkspace];
  /** URL of the emulator's control; undefined for the real Meshes. */
  readonly controlUrl: string | undefined;
}

const REQUIRED = [
  'MESHES_ORGANIZATION_ID',
  'MESHES_ACCESS_KEY',
  'MESHES_SECRET_KEY',
  'MESHES_WORKSPACE_ID',
] as const;

/**
 * Returns the real Meshes if the environment names it, otherwise the emulator.
 *
 * @throws Error if only some of the variables are set
 */
export const readMeshesTarget = (
  env: Readonly<Record<string, string | undefined>>,
  emulator: {readonly apiUrl: string; readonly embedUrl: string},
): MeshesTarget => {
  const missing = REQUIRED.filter(name => !env[name]);
  if (missing.length === REQUIRED.length) return emulated(emulator);
  if (missing.length > 0) {
    throw new Error(
      `To use your Meshes workspace, also set ${missing.join(' and ')}. To use the emulator, unset ${REQUIRED.filter(name => env[name]).join(' and ')}.`,
    );
  }
  const workspace = {
    workspaceId: env.MESHES_WORKSPACE_ID!,
    publishableKey: env.MESHES_PUBLISHABLE_KEY || undefined,
  };
  return {
    credentials: {
      organizationId: env.MESHES_ORGANIZATION_ID!,
      accessKey: env.MESHES_ACCESS_KEY!,
      secretKey: env.MESHES_SECRET_KEY!,
    },
    managementUrl: 'https://api.meshes.io/api/v1',
    eventsUrl: 'https://events.meshes.io/api/v1',
    embedOrigin: 'https://embed.meshes.io',
    workspaces: [workspace, workspace],
    controlUrl: undefined,
  };
};

const emulated = ({
  apiUrl,
  embedUrl,
}: {
  readonly apiUrl: string;
  readonly embedUrl: string;
}): MeshesTarget => {
  const {organizationId, accessKey, secretKey, workspaceId, publishableKey} = demoCredentials;
  return {
    credentials: {organizationId, accessKey, secretKey},
    managementUrl: apiUrl,
    eventsUrl: apiUrl,
    embedOrigin: embedUrl,
    workspaces: [{workspaceId, publishableKey}, secondWorkspace],
    controlUrl: new URL('/__emulator', apiUrl).href,
  };
};
