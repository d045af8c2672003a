import {START_EVENT, type OfferKept} from '../element/handover.js';
import {OFFER_EVENT} from '../element/offered-answer.js';
import {ownMember} from '../element/own-document.js';
import {systemClock} from '../session/clock.js';
import {askAhead, type RequestDocument} from './ask-ahead.js';
import {hiddenPlaceFor} from './hidden-place.js';
import {createKeep, type KeepableElement, type KeepOptions} from './keep.js';
import {createWarm, type WarmOptions} from './warm.js';

export type {KeepOptions, WarmOptions};

/** This document. @param onListen receives a function that removes the listener */
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
        // The page loads the element by itself, too, and reports what is wrong.
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
 * Loads the element, and creates a session ahead of a click. Call it when a pointer enters a link to a workspace, or the link gets
 * the focus. The next element with the same settings uses the session, if it starts within 10 seconds.
 *
 * Nothing is requested before 100 ms have passed. One session at a time is kept. If two sessions in a row are not used, others
 * follow at most once a minute.
 *
 * @returns Call it when the pointer or the focus leaves the link: if nothing has been requested yet, nothing will be.
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
 * with the same settings shows it again, with what the user has typed and without a request.
 *
 * A kept workspace is hidden, cannot be focused, and requests nothing. It is discarded when its time is over, when another one takes
 * its place, when an element with another `subject` or endpoint starts, and by `discard()`.
 *
 * @returns whether it is kept: false without an element that is ready, and in browsers without `moveBefore()`, where the next element
 *   starts a new session
 */
export function keep(element: KeepableElement | null | undefined, options?: KeepOptions): boolean {
  return keeper.keep(element, options);
}

/**
 * Discards everything that was requested ahead, also by `early.min.js`, and every workspace that is kept. Call it when a user signs
 * out.
 */
export function discard(): void {
  shared.discard();
  keeper.discard();
  ownMember('dispatchEvent')(new CustomEvent(OFFER_EVENT));
}
