import {keep, type KeepOptions} from './instant/index.js';

/**
 * Directive `v-keep-workspace`: keeps the workspace of a `<meshes-workspace>` when Vue removes it, and shows it again in the next
 * one with the same settings. The value is that of `keep()`: `v-keep-workspace="{for: 60_000}"`.
 */
export const vKeepWorkspace = {
  beforeUnmount(
    element: Parameters<typeof keep>[0],
    {value}: {value: KeepOptions | undefined},
  ): void {
    keep(element, value);
  },
};
