import type {DetailedHTMLProps, HTMLAttributes} from 'react';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

/**
 * The tag `<meshes-workspace>` in JSX. Requires React 19. Hydration does not set its listeners and objects. The component of
 * `meshes-workspace/react` has neither limit.
 */
type MeshesWorkspaceTag = DetailedHTMLProps<
  HTMLAttributes<MeshesWorkspaceElement>,
  MeshesWorkspaceElement
> &
  MeshesWorkspaceAttributes &
  MeshesWorkspaceObjects &
  MeshesWorkspaceHandlers<'on'> & {class?: string | undefined};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'meshes-workspace': MeshesWorkspaceTag;
    }
  }
}
