import {ownMember} from './own-document.js';

/*
 * Passes a response that was requested early to the element that needs it. Before a request, the element dispatches an event on the
 * document. The detail of the event is a function. The script that holds a response calls it with the request and the response.
 * Neither is in a property that another script can read, and the event itself contains nothing about the request.
 */

/** Dispatched before each request. Without a detail, it discards all responses. */
export const OFFER_EVENT = 'meshes-offer';

/**
 * Offers a response for the request that the element is about to send.
 *
 * @param key the request: {@link RequestParts} as JSON
 * @param answer null if the request has failed
 * @returns whether the element takes the response: then it must not be offered again
 */
export type Offer = (key: string, answer: Promise<Response | null>) => boolean;

/** The parts that identify a request. A response is used only for an identical request. */
export type RequestParts = [
  url: string,
  init: RequestInit,
  headers: [name: string, value: string][],
  subject: string | null,
];

/** Returns the response that was requested early, or null. */
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
