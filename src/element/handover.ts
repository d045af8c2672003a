import {ownMember} from './own-document.js';

/*
 * How a workspace that was kept reaches the next element. Before a session starts, the element dispatches an event on the document.
 * Its detail is a function: whoever keeps workspaces calls it with a function that looks for one. The event tells nothing about the
 * session.
 */

/** Dispatched before a session starts. */
export const START_EVENT = 'meshes-start';

/** Passes a session and its frame on to the controller of another element. Without one, ends the session. */
export type Handover = (taker: object | null) => void;

/**
 * Looks for a workspace for an element.
 *
 * @param mayTake whether the element takes one: if not, it starts a new session
 */
export type FindKept = (element: HTMLElement, mayTake: boolean) => Handover | null;

/** The detail of the event. */
export type OfferKept = (find: FindKept) => void;

/** @returns the workspace that was kept for an element, or null */
export function findKept(element: HTMLElement, mayTake: boolean): Handover | null {
  let found: Handover | null = null;
  const detail: OfferKept = find => {
    found ??= find(element, mayTake);
  };
  ownMember('dispatchEvent')(new CustomEvent(START_EVENT, {detail}));
  return found;
}
