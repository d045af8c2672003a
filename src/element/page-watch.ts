import {parseUrl} from '../frame/launch-url.js';
import {ownMember} from './own-document.js';

/** Distance from the viewport at which a lazy element starts. */
const LAZY_MARGIN = '300px';

export interface PageListener {
  /** The page became visible again: after another tab, sleep, or the back/forward cache. */
  onWake: () => void;
  onOnline: () => void;
  /** The page returned from the back/forward cache. */
  onRestore: () => void;
  /** A prerendered page was activated. */
  onActivate: () => void;
  /** The page's Content-Security-Policy refused to load a frame from this origin. */
  onBlocked: (origin: string, directive: string) => void;
}

/** Listens to the page until the signal aborts. */
export function watchPage(listener: PageListener, signal: AbortSignal): void {
  const {onWake, onOnline, onRestore, onActivate, onBlocked} = listener;
  const wake = () => {
    if (isVisible()) onWake();
  };
  // Not `{signal}`, which zone.js before 0.14 ignores.
  const [add, remove] = [ownMember('addEventListener'), ownMember('removeEventListener')];
  const listen: typeof add = (type: string, handler: EventListenerOrEventListenerObject) => {
    add(type, handler);
    signal.addEventListener('abort', () => remove(type, handler));
  };
  const listenToWindow = <Type extends 'online' | 'pageshow'>(
    type: Type,
    handler: (event: WindowEventMap[Type]) => void,
  ) => {
    window.addEventListener(type, handler);
    signal.addEventListener('abort', () => window.removeEventListener(type, handler));
  };
  listen('visibilitychange', wake);
  listen('resume', wake);
  listen('prerenderingchange', onActivate);
  listenToWindow('online', onOnline);
  listenToWindow('pageshow', ({persisted}) => {
    if (!persisted) return;
    onRestore();
    wake();
  });
  listen('securitypolicyviolation', ({disposition, effectiveDirective, blockedURI}) => {
    // For a frame on another origin, browsers report the origin alone.
    if (disposition === 'enforce' && effectiveDirective === 'frame-src') {
      onBlocked(parseUrl(blockedURI)?.origin ?? '', effectiveDirective);
    }
  });
}

/** Whether the page is being prerendered. Its launch URL would expire before a visit. */
export function isPrerendering(): boolean {
  return (ownMember('prerendering' as keyof Document) as boolean | undefined) ?? false;
}

export function isVisible(): boolean {
  return ownMember('visibilityState') === 'visible';
}

/** Calls back once, when the element approaches the viewport. */
export function whenNear(element: Element, signal: AbortSignal, callback: () => void): void {
  const observer = new IntersectionObserver(
    entries => {
      if (!entries.some(({isIntersecting}) => isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    {rootMargin: LAZY_MARGIN},
  );
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}
