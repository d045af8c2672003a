import {ownMember} from './own-document.js';

/*
 * Hands a kept workspace over to the next element. Before a session starts, the element dispatches an event on the document. The
 * detail of the event is a function. `keep()` calls it with a function that looks for a kept workspace. The event itself contains
 * nothing about the session.
 */

/** Dispatched before a session starts. */
export const START_EVENT = 'meshes-start';

/** Passes a session and its frame to the controller of another element. With null, ends the session. */
export type Handover = (taker: object | null) => void;

/**
 * Returns the kept workspace that an element can continue, or null.
 *
 * @param mayTake false if the element starts a new session in any case
 */
export type FindKept = (element: HTMLElement, mayTake: boolean) => Handover | null;

/** The detail of the event. */
export type OfferKept = (find: FindKept) => void;

/** Returns the workspace that was kept for an element, or null. */
export function findKept(element: HTMLElement, mayTake: boolean): Handover | null {
  let found: Handover | null = null;
  const detail: OfferKept = find => {
    found ??= find(element, mayTake);
  };
  ownMember('dispatchEvent')(new CustomEvent(START_EVENT, {detail}));
  return found;
}
