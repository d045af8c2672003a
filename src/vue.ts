import {keep, type KeepOptions} from './instant/index.js';

/**
 * Directive `v-keep-workspace`: keeps the workspace when Vue removes a `<meshes-workspace>`. The next element with the same settings shows
 * it again. The value has the options of `keep()`: `v-keep-workspace="{for: 60_000}"`.
 */
export const vKeepWorkspace = {
  beforeUnmount(
    element: Parameters<typeof keep>[0],
    {value}: {value: KeepOptions | undefined},
  ): void {
    keep(element, value);
  },
};
