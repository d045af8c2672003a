import {warnOnce} from './attributes.js';
import {MeshesWorkspaceElement} from './meshes-workspace.js';
import {VERSION} from './version.js';

export type {
  MeshesWorkspaceEventMap,
  MeshesWorkspaceState,
  NavigateDetail,
  ReadyDetail,
  ResizeDetail,
  StateChangeDetail,
  TokenExpiredDetail,
  TokenRefreshDetail,
  WarningDetail,
} from './element-events.js';
export type {RequestHeaders} from './request-headers.js';
export {type LaunchPage, launchPageOf} from './launch-page.js';
export type {MeshesWorkspaceStrings} from './strings.js';
export type {
  MintRequest,
  RefreshRequest,
  SessionAnswer,
  SessionProvider,
} from '../session/token-source.js';
export type {RefreshCause} from '../session/machine.js';
export {
  isMeshesError,
  MeshesError,
  type MeshesErrorCode,
  type MeshesErrorPhase,
  type MeshesWarningCode,
} from '../errors.js';
export {MeshesWorkspaceElement};

/**
 * Registers the element, unless the name is taken: two copies of this package on one page are
 * harmless, and the first one serves. Where that is another version, the console says so once.
 *
 * @param tag default `meshes-workspace`; another one gets a class of its own
 * @param registry default the page's own; does nothing on a server
 */
export function define(
  tag = 'meshes-workspace',
  registry: CustomElementRegistry | undefined = globalThis.customElements,
): void {
  if (!registry) return;
  const first = registry.get(tag) as Partial<typeof MeshesWorkspaceElement> | undefined;
  if (first) {
    if (first.version !== VERSION) {
      warnOnce(
        `${tag} is already registered${first.version ? ` by version ${first.version}` : ''}, so version ${VERSION} has no effect. Load only one of them.`,
      );
    }
    return;
  }
  // A registry takes a class once.
  const taken = registry.getName?.(MeshesWorkspaceElement) ?? null;
  registry.define(tag, taken ? class extends MeshesWorkspaceElement {} : MeshesWorkspaceElement);
}
