import type {FrameHost} from '../session/session-options.js';
import {ownMember} from './own-document.js';
import {clampHeight, GrowthWatch, type HeightLimits} from './frame-height.js';
import {startMeasure} from './measure.js';

/** The height of the content has settled if it has not changed for this time, in ms. */
const SETTLED_MS = 500;

/** No top navigation and no modals. Popups escape the sandbox, because sign-in pages do not work in one. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads';

/**
 * WebKit also fires `load` on the iframe when only the fragment of its document changes, to hide the difference from a cross-origin
 * parent (https://bugs.webkit.org/show_bug.cgi?id=241753). In WebKit, each document has its own `location` object, which shows the
 * difference. In Chromium, all documents of a window share one.
 */
const isWebKit = () => navigator.vendor.startsWith('Apple');

/** The settings that apply to the iframe. */
export interface FrameSettings {
  title: string;
  /** Null for the default. Applies from the next launch. */
  sandbox: string | null;
  /** Null for the default. Applies from the next launch. */
  allow: string | null;
  limits: HeightLimits;
  /** Whether the frame fills the element, independently of the height of its content. */
  fills: boolean;
}

export interface FrameViewOptions {
  /** The parent of the iframe. */
  container: () => Element;
  /** @returns whether the height is applied */
  onResize: (height: number, contentHeight: number) => boolean;
  onResizeLoop: () => void;
}

/** The iframe and its height. */
export class FrameView implements FrameHost {
  readonly #options: FrameViewOptions;
  readonly #growth = new GrowthWatch();
  #settings: FrameSettings;
  #frame: HTMLIFrameElement | null = null;
  #observer: MutationObserver | null = null;
  #onRemoved = () => {};
  /** Null until the frame has sent a message or loaded: reading it earlier is slow, see `window-port`. */
  #window: Window | null = null;
  /** Height of the content in CSS px, as reported last. */
  #contentHeight: number | null = null;
  #nextHeight = 0;
  /** The page sets the height itself. */
  #cancelled = false;
  #request = 0;
  /** Height in CSS px that is applied when the content has settled. */
  #held = 0;
  #stillTimer = 0;
  #endHandshake = () => {};

  constructor(settings: FrameSettings, options: FrameViewOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  get frame(): HTMLIFrameElement | null {
    return this.#frame;
  }

  /** Whether the frame has kept its document: a move in the page can reload it. False before its first message or `load`, because it is unknown then. */
  isKept(): boolean {
    return !this.#frame || this.#frame.contentWindow === this.#window;
  }

  // A new iframe for each launch: a new `src` on the existing one would add an entry to the page's history.
  mount({href, origin}: URL, onLoad: () => void, onRemoved: () => void): HTMLIFrameElement {
    this.unmount();
    const {title, sandbox, allow} = this.#settings;
    const frame = ownMember('createElement')('iframe');
    Object.assign(frame, {
      part: 'frame',
      // On Back, WebKit loads a frame without a unique name from the history entry of the frame that was in its place before. That
      // entry has a used launch URL.
      name: `meshes-workspace-${Math.random().toString(36).slice(2)}`,
      title,
      sandbox: sandbox ?? SANDBOX,
      allow: allow ?? `clipboard-write ${origin}`,
      // The origin lets the workspace check its parent. The path of the page is not sent.
      referrerPolicy: 'strict-origin',
      // guard(one-reading): the frame loads the URL that was validated
      src: href,
    });
    const loaded = startMeasure('frame');
    this.#endHandshake = startMeasure('handshake');
    let shown: Location | undefined;
    frame.addEventListener('load', () => {
      loaded();
      this.#window ??= frame.contentWindow;
      const before = shown;
      shown = isWebKit() ? frame.contentWindow?.location : undefined;
      if (!shown || shown !== before) onLoad();
    });
    this.#onRemoved = onRemoved;
    this.#frame = frame;
    this.#place(frame);
    return frame;
  }

  /** Moves the iframe, with its document, out of the element. @returns a view for the iframe in its new place */
  moveTo(place: Element): FrameView {
    const view = new FrameView(this.#settings, {
      ...this.#options,
      container: () => place,
      // Its height stays as it is.
      onResize: () => false,
    });
    view.take(this);
    // Inert, as under a view that covers it.
    view.update(this.#settings, true);
    return view;
  }

  /** Takes the iframe, with its document, over from another view. The next update moves it. */
  take(other: FrameView): void {
    const frame = other.#frame;
    this.#window = other.#window;
    this.#nextHeight = other.#nextHeight;
    this.#onRemoved = other.#onRemoved;
    other.#frame = null;
    other.unmount();
    this.#frame = frame;
  }

  unmount(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    clearTimeout(this.#stillTimer);
    this.#held = 0;
    this.#observer?.disconnect();
    this.#observer = null;
    this.#frame?.remove();
    this.#frame = null;
    this.#window = null;
    this.#contentHeight = null;
    this.#cancelled = false;
    this.#growth.reset();
  }

  /** The frame shows another page. Its height is not related to the height of the page before. */
  pageChanged(): void {
    this.#endHandshake();
    this.#window ??= this.#frame?.contentWindow ?? null;
    this.#growth.reset();
  }

  /** Takes a height from the frame. The last one before the next paint is applied. */
  resize(contentHeight: number): void {
    this.#nextHeight = contentHeight;
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0;
      this.#applyNext();
    });
  }

  /** @param covered whether a view covers the frame */
  update(settings: FrameSettings, covered: boolean): void {
    this.#settings = settings;
    const frame = this.#frame;
    if (!frame) return;
    const {title, fills, limits} = settings;
    if (!this.#observer) {
      this.#place(frame);
      if (this.#nextHeight) this.#applyNext();
    }
    frame.title = title;
    frame.inert = covered;
    if (this.#cancelled) return;
    if (fills || this.#contentHeight === null) frame.style.removeProperty('height');
    else setHeight(frame, clampHeight(this.#contentHeight, limits));
  }

  #place(frame: HTMLIFrameElement): void {
    const container = this.#options.container();
    if (frame.isConnected) container.moveBefore(frame, null);
    else container.append(frame);
    this.#observer = new MutationObserver(() => {
      if (frame.parentNode !== container) this.#onRemoved();
    });
    this.#observer.observe(container, {childList: true});
  }

  #applyNext(): void {
    const frame = this.#frame;
    const contentHeight = this.#nextHeight;
    // While a height is held, a return to the applied height is a change, too.
    if (!frame || (!this.#held && !this.#isChange(contentHeight))) return;
    const {limits, fills} = this.#settings;
    const {onResize, onResizeLoop} = this.#options;
    if (fills) {
      this.#contentHeight = contentHeight;
      onResize(frame.offsetHeight, contentHeight);
      return;
    }
    const applied = parseFloat(frame.style.height) - edgesOf(frame) || limits.min;
    const height = clampHeight(contentHeight, limits);
    const verdict = this.#growth.next(height, applied, performance.now());
    if (verdict === 'apply') this.#apply(frame, contentHeight);
    else if (verdict === 'frozen') onResizeLoop();
    else this.#hold(frame, contentHeight);
  }

  #apply(frame: HTMLIFrameElement, contentHeight: number): void {
    const height = clampHeight(contentHeight, this.#settings.limits);
    clearTimeout(this.#stillTimer);
    this.#held = 0;
    this.#contentHeight = contentHeight;
    this.#cancelled = !this.#options.onResize(height, contentHeight);
    if (!this.#cancelled) setHeight(frame, height);
  }

  #hold(frame: HTMLIFrameElement, contentHeight: number): void {
    if (contentHeight === this.#held) return;
    this.#held = contentHeight;
    clearTimeout(this.#stillTimer);
    this.#stillTimer = window.setTimeout(() => {
      this.#held = 0;
      const settled = this.#growth.settle(performance.now());
      if (settled && this.#isChange(contentHeight)) this.#apply(frame, contentHeight);
    }, SETTLED_MS);
  }

  #isChange(contentHeight: number): boolean {
    const before = this.#contentHeight ?? -1;
    // The frame has whole pixels: half a pixel more needs another one, half a pixel less needs no change.
    return Math.ceil(contentHeight) > Math.ceil(before) || before - contentHeight >= 1;
  }
}

/** @param height height of the content box: the page can add a border and padding with `::part(frame)` */
function setHeight(frame: HTMLIFrameElement, height: number): void {
  const value = `${height + edgesOf(frame)}px`;
  if (frame.style.height !== value) frame.style.height = value;
}

/** Returns the height of the border and the padding, in CSS px. */
function edgesOf(frame: HTMLIFrameElement): number {
  const style = getComputedStyle(frame);
  if (style.boxSizing !== 'border-box') return 0;
  const {borderTopWidth, borderBottomWidth, paddingTop, paddingBottom} = style;
  return [borderTopWidth, borderBottomWidth, paddingTop, paddingBottom]
    .map(parseFloat)
    .reduce((sum, width) => sum + width);
}
