import type {DetailedHTMLProps, HTMLAttributes} from 'react';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

/**
 * The plain tag in React. It needs React 19, and hydration loses its listeners and its objects:
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
