import type {EmulatorCredentials} from './emulator-types.js';

/** The fixed demo credentials. They are public, so that any client can use the emulator. */
export const demoCredentials: EmulatorCredentials = {
  organizationId: '550e8400-e29b-41d4-a716-446655440000',
  accessKey: 'mk_demo_access_key_0123456789',
  secretKey: 'demo_secret_key_0123456789_0123456789_0123456789',
  workspaceId: '3f216741-15dd-4e46-b5ac-0077a2640e89',
  publishableKey: 'mesh_pub_demo_workspace_0123456789',
};

/** A second workspace of the same organization, to test that workspaces stay separate. */
export const secondWorkspace: Pick<EmulatorCredentials, 'workspaceId' | 'publishableKey'> = {
  workspaceId: '8c5a2b1e-6f0d-4d6b-9a37-2f4e1c7b9d54',
  publishableKey: 'mesh_pub_demo_northwind_9876543210',
};
