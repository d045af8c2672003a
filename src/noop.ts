import type {MeshesWorkspaceElement as Element} from './element/index.js';

export {isMeshesError, MeshesError} from './errors.js';

/*
 * What edge servers get for `meshes-workspace` and `meshes-workspace/element`: there is nothing to
 * render there, and Lit's browser build does not load.
 */

export const MeshesWorkspaceElement = class {} as unknown as typeof Element;

export function define(): void {}
