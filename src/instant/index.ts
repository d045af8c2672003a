import {START_EVENT, type OfferKept} from '../element/handover.js';
import {OFFER_EVENT} from '../element/offered-answer.js';
import {ownMember} from '../element/own-document.js';
import {systemClock} from '../session/clock.js';
import {askAhead, type RequestDocument} from './ask-ahead.js';
import {hiddenPlaceFor} from './hidden-place.js';
import {createKeep, type KeepableElement, type KeepOptions} from './keep.js';
import {createWarm, type WarmOptions} from './warm.js';

export type {KeepOptions, WarmOptions};

/** Returns the used part of this document. @param onListen receives a function that removes the listener */
function createPage(onListen: (stop: () => void) => void): RequestDocument {
  return {
    get baseURI() {
      return ownMember('baseURI');
    },
    get cookie() {
      return ownMember('cookie');
    },
    querySelector: selector => ownMember('querySelector')(selector),
    addEventListener(type, listener) {
      ownMember('addEventListener')(type, listener);
      onListen(() => ownMember('removeEventListener')(type, listener));
    },
  };
}

const shared = createWarm({
  clock: systemClock,
  load: () => {
    import('../element/index.js')
      .then(({define}) => define())
      .catch(() => {
        // The page also loads the element itself, which then reports the failure.
      });
  },
  ask(settings, headers, onEnd) {
    let stop = () => {};
    const page = createPage(remove => {
      stop = remove;
    });
    return askAhead(settings, page, headers, taken => {
      stop();
      onEnd(taken);
    });
  },
});

/**
 * Loads the element, and creates a session before a click. Call it when the pointer enters a link to a workspace, or the link receives
 * the focus. The next element with the same settings uses the session, if it starts within 10 seconds.
 *
 * The request is sent after 100 ms. At most one session is held. If two sessions in a row were not used, further sessions are created
 * at most once per minute.
 *
 * @returns a function that cancels a request that has not been sent. Call it when the pointer or the focus leaves the link
 */
export function warm(options: WarmOptions): () => void {
  return shared.warm(options);
}

const keeper = createKeep({
  clock: systemClock,
  park(element) {
    const place = hiddenPlaceFor(element);
    const handOver = place && (element as Partial<KeepableElement>).handOver?.(place.inside);
    if (!handOver) place?.remove();
    return handOver ?? null;
  },
  listen(find) {
    const listener = (({detail: offer}: CustomEvent<OfferKept>) => offer(find)) as EventListener;
    ownMember('addEventListener')(START_EVENT, listener);
    return () => ownMember('removeEventListener')(START_EVENT, listener);
  },
});

/**
 * Keeps the workspace of an element that is about to be removed. Call it before your router removes the element. The next element
 * with the same settings shows the workspace again, with the user's input and without a request.
 *
 * A kept workspace is hidden, cannot be focused, and sends no request. It is discarded after the time limit, when newer workspaces exceed
 * the maximum, when an element with another `subject` or endpoint starts, and by `discard()`.
 *
 * @returns whether the workspace is kept. False if there is no element that is ready, and in browsers without `moveBefore()`: then the
 *   next element starts a new session
 */
export function keep(element: KeepableElement | null | undefined, options?: KeepOptions): boolean {
  return keeper.keep(element, options);
}

/**
 * Discards all sessions that `warm()` and `early.min.js` have created, and all kept workspaces. Call it when the user signs out.
 */
export function discard(): void {
  shared.discard();
  keeper.discard();
  ownMember('dispatchEvent')(new CustomEvent(OFFER_EVENT));
}
