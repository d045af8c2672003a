import type {HTMLAttributes, ReservedProps} from 'vue';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

/** Converts a name to camelCase, in which the type checker of Vue looks up the names of a template. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
type CamelCased<Type> = {[Name in keyof Type as Camel<Name & string>]: Type[Name]};

type MeshesWorkspaceTag = new () => MeshesWorkspaceElement & {
  $props: HTMLAttributes &
    ReservedProps &
    CamelCased<MeshesWorkspaceAttributes & MeshesWorkspaceHandlers<'on-'>> &
    MeshesWorkspaceObjects;
};

declare module 'vue' {
  interface GlobalComponents {
    'meshes-workspace': MeshesWorkspaceTag;
  }
  interface HTMLAttributes {
    /** Name of the slot of a custom element. */
    slot?: string | undefined;
  }
}
