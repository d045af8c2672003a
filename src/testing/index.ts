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
 * Brings a test double into a state. Before it returns, the element fires the events that lead there, in the order of the element
 * itself. A request that `goTo()` starts waits for the next `goTo()`: after `goTo(element, 'refreshing')` the element stays there.
 *
 * @throws TypeError if the element is no test double, is not in the document, or never has such an error in this state
 */
export function goTo(element: Element, state: ReachableState, options: GoToOptions = {}): void {
  controllerOf(element, 'goTo()').goTo(state, options);
}

/**
 * Lets the frame of a test double send a message: `{type: 'meshes:navigate', path: '/workspace/rules'}`,
 * `{type: 'meshes:resize', height: 900}`, or any of the published types. Other data is ignored, as by the element.
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
