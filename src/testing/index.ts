/** `meshes-workspace/testing`: a test double of the element, and a session endpoint for Mock Service Worker. */
import type {MeshesWarningCode} from '../errors.js';
import {type GoToOptions, type ReachableState} from './path.js';
import {controllerOf} from './test-workspace.js';

export {
  sessionHandlers,
  type MswHttp,
  type SessionHandlersOptions,
  type SessionProblem,
} from './session-handlers.js';
export {installTestWorkspace, type TestWorkspaceOptions} from './test-workspace.js';
export type {GoToOptions, ReachableState};
// With its declarations, a test that imports only this entry knows the type of the tag.
export type {MeshesWorkspaceElement} from '../element/meshes-workspace.js';

/**
 * Brings a test double into a state. Before the function returns, the test double fires the events that lead there, in the same order
 * as the element. A request that `goTo()` starts waits for the next `goTo()`: after `goTo(element, 'refreshing')`, the state remains
 * `refreshing`.
 *
 * @throws TypeError if the element is not a test double, is not in the document, or cannot have this error in this state
 */
export function goTo(element: Element, state: ReachableState, options: GoToOptions = {}): void {
  controllerOf(element, 'goTo()').goTo(state, options);
}

/**
 * Sends a message of a published type from the frame of a test double, such as
 * `{type: 'meshes:navigate', path: '/workspace/rules'}` or `{type: 'meshes:resize', height: 900}`. Other data is ignored, as by the
 * element.
 *
 * @throws TypeError if the element has no frame in its state
 */
export function sendFrameMessage(element: Element, message: unknown): void {
  controllerOf(element, 'sendFrameMessage()').receive(message);
}

/** Fires `meshes-warning` on a test double. */
export function sendWarning(
  element: Element,
  code: MeshesWarningCode,
  message = 'A test caused this warning.',
): void {
  controllerOf(element, 'sendWarning()').warn(code, message);
}
