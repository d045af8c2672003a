import {ownMember} from './own-document.js';

/*
 * How an answer that was requested ahead reaches the element that needs it. Before a request, the element dispatches an event on
 * the document. Its detail is a function: who holds an answer calls it with the request and the answer. Neither of them is in a
 * property that a script can read, and the event tells nothing about the request.
 */

/** Dispatched before each request. Without a detail, all answers are to be discarded. */
export const OFFER_EVENT = 'meshes-offer';

/**
 * Offers an answer to the request that is about to be sent.
 *
 * @param key what was requested: {@link RequestParts} as JSON
 * @param answer null if the request has failed
 * @returns whether the answer is taken: then nobody else may have it
 */
export type Offer = (key: string, answer: Promise<Response | null>) => boolean;

/** What identifies a request: only the same request may have the answer. */
export type RequestParts = [
  url: string,
  init: RequestInit,
  headers: [name: string, value: string][],
  subject: string | null,
];

/** @returns the answer that was requested ahead, or null */
export function takeAnswer(parts: RequestParts): Promise<Response | null> | null {
  const key = JSON.stringify(parts);
  let taken: Promise<Response | null> | null = null;
  const detail: Offer = (offered, answer) => {
    if (taken || offered !== key) return false;
    taken = answer;
    return true;
  };
  ownMember('dispatchEvent')(new CustomEvent(OFFER_EVENT, {detail}));
  return taken;
}
