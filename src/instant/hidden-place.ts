import {ownMember} from '../element/own-document.js';
import type {KeepableElement} from './keep.js';

/**
 * Creates a hidden place in the document for the frame of an element. The frame keeps its size, so that its document keeps its layout
 * and its scroll position. The place is removed when the frame leaves it.
 *
 * @returns null if the frame cannot be kept: there is none, it does not respond, or the browser lacks `moveBefore()`
 */
export function hiddenPlaceFor(
  element: KeepableElement,
): {inside: Element; remove: () => void} | null {
  if (element.state !== 'ready') return null;
  const frame = element.shadowRoot?.querySelector('iframe');
  if (!frame || frame.parentElement!.moveBefore === undefined) return null;
  // The bar shows that the frame does not respond, or is signed out.
  if (element.shadowRoot!.querySelector('.bar')) return null;
  // Chromium 156 crashes when it moves a frame that has the focus to an inert place.
  frame.blur();
  const create = ownMember('createElement');
  const host = create('div');
  const inside = create('div');
  // By properties: a Content-Security-Policy can forbid style elements and attributes.
  Object.assign(host.style, {
    all: 'initial',
    position: 'fixed',
    insetBlockStart: '0',
    // Outside of the viewport, where browsers render less.
    right: '100vw',
    visibility: 'hidden',
    contain: 'strict',
    inlineSize: `${frame.clientWidth}px`,
    blockSize: `${frame.clientHeight}px`,
  });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('iframe{display:block;width:100%;height:100%;border:0}div{height:100%}');
  const root = host.attachShadow({mode: 'closed'});
  root.adoptedStyleSheets = [sheet];
  root.append(inside);
  host.inert = true;
  host.ariaHidden = 'true';
  // Not in the body, which some routers replace.
  ownMember('documentElement').append(host);
  const remove = () => host.remove();
  new MutationObserver(() => {
    if (!inside.firstChild) remove();
  }).observe(inside, {childList: true});
  return {inside, remove};
}
