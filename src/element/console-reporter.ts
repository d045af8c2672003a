import {type MeshesWarningCode, withLink} from '../errors.js';
import type {MeshesWorkspaceEventMap} from './element-events.js';

type Detail = MeshesWorkspaceEventMap[keyof MeshesWorkspaceEventMap]['detail'];

/** Logs failures, and each kind of warning once, for developers who do not listen to the events. */
export class ConsoleReporter {
  readonly #warnings = new Set<MeshesWarningCode>();

  /** Logs an event. Call it only if the page has not called `preventDefault()`. */
  report(type: keyof MeshesWorkspaceEventMap, detail: Detail): void {
    if (type === 'meshes-error' || type === 'meshes-token-expired') {
      const {message} = 'error' in detail ? detail.error : (detail as Error);
      console.error(`<meshes-workspace>: ${message}`);
    }
    if (type === 'meshes-warning' && 'code' in detail && !this.#warnings.has(detail.code)) {
      this.#warnings.add(detail.code);
      console.warn(`<meshes-workspace>: ${withLink(detail.message, detail.code)}`);
    }
  }
}
