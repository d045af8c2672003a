/** Keeps the focus inside the element when the view or the frame that has it goes away. */
export class FocusKeeper {
  readonly #host: HTMLElement;
  readonly #frame: () => HTMLIFrameElement | null;
  /** What had the focus before a render. */
  #focused: Element | null = null;

  constructor(host: HTMLElement, frame: () => HTMLIFrameElement | null) {
    this.#host = host;
    this.#frame = frame;
  }

  /** Moves the focus to the button of the view that covers the frame, or into the frame. */
  focus(options?: FocusOptions): void {
    (this.#button() ?? this.#frame())?.focus(options);
  }

  /** Before a render. */
  capture(): void {
    this.#focused = this.#host.shadowRoot?.activeElement ?? null;
  }

  /** After a render. @param covered whether a view covers the frame */
  restore(covered: boolean): void {
    const focused = this.#focused;
    this.#focused = null;
    if (!focused) return;
    const [frame, workspace] = [this.#frame(), this.#workspace()];
    const lost = !focused.isConnected || (focused === frame && covered);
    if (!lost && focused !== workspace) return;
    const target = this.#button() ?? (!covered && frame ? frame : workspace);
    if (target !== focused) target?.focus({preventScroll: true});
  }

  /** Moves the focus out of a frame that is about to be removed. */
  leaveFrame(): void {
    const frame = this.#frame();
    if (frame && this.#host.shadowRoot?.activeElement === frame) {
      this.#workspace()?.focus({preventScroll: true});
    }
  }

  #workspace(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector('.workspace') ?? null;
  }

  #button(): HTMLButtonElement | null {
    return this.#host.shadowRoot?.querySelector('.view button') ?? null;
  }
}
