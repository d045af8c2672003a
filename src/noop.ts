import type {MeshesWorkspaceElement as Element} from './element/index.js';

export {isMeshesError, MeshesError} from './errors.js';

/*
 * The module that edge servers load for `meshes-workspace` and `meshes-workspace/element`. They render nothing, and cannot load Lit's
 * browser build.
 */

export const MeshesWorkspaceElement = class {} as unknown as typeof Element;

export function define(): void {}
