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
 * Registers the element. Does nothing if the name is registered already, and logs one warning if that was another version.
 *
 * @param tag name of the element; default `meshes-workspace`. Any other name registers a subclass
 * @param registry default: the registry of the page. Without one, as on a server, nothing is registered
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
  // A registry accepts each class only once.
  const taken = registry.getName?.(MeshesWorkspaceElement) ?? null;
  registry.define(tag, taken ? class extends MeshesWorkspaceElement {} : MeshesWorkspaceElement);
}
