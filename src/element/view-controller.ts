import type {SessionController} from './session-controller.js';
import type {MeshesWorkspaceState} from './element-events.js';
import {announcement, type MeshesWorkspaceStrings} from './strings.js';
import {type ShellOptions, type View, viewOf} from './views.js';

export interface ViewHost {
  readonly hasUpdated: boolean;
  requestUpdate(): void;
  reload(): Promise<void>;
}

/** Chooses the view that covers the frame, and the text of the live region. */
export class ViewController {
  readonly #host: ViewHost;
  readonly #session: SessionController;
  readonly #strings: () => MeshesWorkspaceStrings;
  /** The page has called `preventDefault()`, so the built-in view is hidden. */
  #cancelled = false;
  /** The frame has loaded another document, which sends nothing. */
  #unresponsive = false;
  /** The frame has reported that its token has expired. */
  #signedOut = false;
  #retrying = false;
  /** Text of the live region. */
  #status = '';

  constructor(host: ViewHost, session: SessionController, strings: () => MeshesWorkspaceStrings) {
    this.#host = host;
    this.#session = session;
    this.#strings = strings;
  }

  get view(): View {
    return viewOf(this.#session.state, this.#cancelled);
  }

  options(): ShellOptions {
    const {state, error} = this.#session;
    const strings = this.#strings();
    return {
      view: this.view,
      busy: state !== 'idle',
      error,
      retrying: this.#retrying,
      bar: this.#unresponsive
        ? strings.frameReloaded
        : this.#signedOut
          ? strings.frameSignedOut
          : null,
      // Screen readers announce changes of a live region, but not its first content.
      status: this.#host.hasUpdated ? this.#status : '',
      strings,
      onRetry: () => void this.#retry(),
      // The error view shows the failure, and the page receives `meshes-error`.
      onReload: () => void this.#host.reload().catch(() => {}),
    };
  }

  /** Renders the text of the live region, which the first render leaves empty. */
  firstUpdated(): void {
    if (this.#status) queueMicrotask(() => this.#host.requestUpdate());
  }

  enter(state: MeshesWorkspaceState): void {
    // A new token does not make an unresponsive frame respond.
    if (state !== 'ready' || !this.#unresponsive) this.#announce(state);
    this.#cancelled = false;
    this.#signedOut = false;
    this.#host.requestUpdate();
  }

  /** @param cancelled whether the page called `preventDefault()`, which hides the built-in view */
  setCancelled(cancelled: boolean): void {
    this.#cancelled = cancelled;
  }

  setUnresponsive(unresponsive: boolean): void {
    if (unresponsive) this.#setStatus(this.#strings().frameReloaded);
    else if (this.#unresponsive) this.#announce('ready');
    this.#unresponsive = unresponsive;
  }

  setSignedOut(): void {
    this.#signedOut = true;
    this.#setStatus(this.#strings().frameSignedOut);
  }

  /** The session ends. */
  reset(): void {
    this.#cancelled = false;
    this.#unresponsive = false;
    this.#signedOut = false;
    this.#retrying = false;
  }

  /** Handles a click on Retry. The next state, or the button, shows the result. */
  async #retry(): Promise<void> {
    if (this.#retrying || this.#session.state !== 'failed') return;
    this.#retrying = true;
    this.#setStatus(this.#strings().retrying);
    if (!(await this.#session.retry())) return;
    this.#retrying = false;
    if (this.#session.state === 'failed') this.#announce('failed');
  }

  #announce(state: MeshesWorkspaceState): void {
    this.#setStatus(announcement(state, this.#session.error, this.#strings()));
  }

  #setStatus(status: string | null): void {
    this.#status = status ?? this.#status;
    this.#host.requestUpdate();
  }
}
