import {adoptStyles, LitElement, type PropertyDeclarations, type TemplateResult} from 'lit';
import type {MeshesError} from '../errors.js';
import type {SessionProvider} from '../session/token-source.js';
import {DEFAULTS, normalizeText, warnOfLostAttributes} from './attributes.js';
import {ConsoleReporter} from './console-reporter.js';
import {customStatesOf} from './custom-states.js';
import {emit, type Emit, type MeshesWorkspaceState} from './element-events.js';
import {FocusKeeper} from './focus-keeper.js';
import {FrameView} from './frame-view.js';
import type {Handover} from './handover.js';
import {type LaunchPage, launchPageOf} from './launch-page.js';
import {dispatchNotice} from './notices.js';
import {removePlainError, showPlainError} from './plain-view.js';
import {PROPERTIES} from './properties.js';
import type {RequestHeaders} from './request-headers.js';
import {SessionController} from './session-controller.js';
import {frameSettingsOf, readSettings, type Settings} from './settings.js';
import {ENGLISH, type MeshesWorkspaceStrings, withEnglish} from './strings.js';
import {styles} from './styles.js';
import {VERSION} from './version.js';
import {ViewController} from './view-controller.js';
import {shell} from './views.js';

/**
 * Embeds a Meshes workspace in the page.
 *
 * @tag meshes-workspace
 * @fires {CustomEvent<StateChangeDetail>} meshes-state-change - Fired when the state changes.
 * @fires {CustomEvent<ReadyDetail>} meshes-ready - Fired when the frame has received its first token.
 * @fires {CustomEvent<NavigateDetail>} meshes-navigate - Fired when the workspace shows another page. `path` is null if the frame sent no safe path; `page` is the launchable page that contains it, or null.
 * @fires {CustomEvent<ResizeDetail>} meshes-resize - Fired when the height of the content changes. `contentHeight` is the reported height, `height` the applied one. Call `preventDefault()` to set the height yourself.
 * @fires {CustomEvent<TokenRefreshDetail>} meshes-token-refresh - Fired when the frame has received another token. `cause` is `frame`, `wake`, or `manual`.
 * @fires {CustomEvent<TokenExpiredDetail>} meshes-token-expired - Fired when the token can no longer be refreshed. Call `preventDefault()` to hide the built-in view.
 * @fires {CustomEvent<MeshesError>} meshes-error - Fired when the workspace cannot be shown. Call `preventDefault()` to hide the built-in view.
 * @fires {CustomEvent<WarningDetail>} meshes-warning - Fired when something is wrong, but the workspace continues to work. Call `preventDefault()` to log nothing.
 * @slot loading - Shown until the workspace is ready.
 * @slot error - Shown when the workspace cannot be shown.
 * @slot expired - Shown over the workspace when its session has ended.
 * @csspart frame - The iframe.
 * @csspart loading - The loading view.
 * @csspart error - The error view.
 * @csspart expired - The expired view.
 * @csspart button - The Retry and Reload buttons.
 * @cssprop [--meshes-workspace-surface=Canvas] - Background of the views.
 * @cssprop [--meshes-workspace-text=CanvasText] - Text of the views.
 * @cssprop --meshes-workspace-muted - Secondary text.
 * @cssprop --meshes-workspace-border - Borders of the views.
 * @cssprop --meshes-workspace-skeleton - Blocks of the loading skeleton.
 * @cssprop --meshes-workspace-accent - Background of the buttons.
 * @cssprop --meshes-workspace-accent-text - Text of the buttons.
 * @cssprop --meshes-workspace-backdrop - Backdrop between the frame and the expired view.
 * @cssprop [--meshes-workspace-radius=12px] - Radius of the corners.
 * @cssstate idle - Nothing has been requested yet.
 * @cssstate minting - A session is being requested.
 * @cssstate loading - The frame is loading.
 * @cssstate ready - The workspace is signed in.
 * @cssstate refreshing - A new token is being requested; the current token is still in use.
 * @cssstate reconnecting - A refresh failed and is being retried; the current token is still in use.
 * @cssstate expired - The token can no longer be refreshed. A view covers the frame until Reload.
 * @cssstate failed - The workspace cannot be shown.
 * @cssstate fill - `fit` is `fill`. Set in addition to another state.
 */
export class MeshesWorkspaceElement extends LitElement {
  static override styles = styles;

  // Without a prototype, like the declarations of the properties.
  static override shadowRootOptions: ShadowRootInit = Object.assign(
    Object.create(null) as ShadowRootInit,
    {mode: 'open'} as const,
  );

  /** Version of this package. */
  static readonly version: string = VERSION;

  /** Texts of the views and the live region. Default: English. */
  static strings: Partial<MeshesWorkspaceStrings> = ENGLISH;

  static override properties: PropertyDeclarations = PROPERTIES;

  /** Launch URL of a session created with the page. Used once. Must be https, or http on a loopback host, and not on the page's own origin. */
  declare launchUrl: string | null;
  /** ID of the session that `launch-url` belongs to. Set it together with `launch-url`. */
  declare sessionId: string | null;
  /** URL of your session endpoint. It answers a POST with a session. */
  declare tokenEndpoint: string | null;
  /** URL that answers a POST with a token; default: `token-endpoint`. `{session_id}` or `:sessionId` in its path is replaced by the session ID. */
  declare refreshEndpoint: string | null;
  /** Allowed origins of the frame, separated by spaces. Any other is rejected. */
  declare embedOrigin: string | null;
  /** Page on which the session starts: `dashboard`, `connections`, `rules`, or `events`. A change to another page starts a new session. */
  declare launchPage: LaunchPage | null;
  /** Opaque text that identifies the user or tenant. A change ends the session and starts a new one. Never sent anywhere. */
  declare subject: string | null;
  /** Minimum height of the frame in CSS pixels; default 480. */
  declare minHeight: number;
  /** Maximum height of the frame in CSS pixels; default 20000. */
  declare maxHeight: number;
  /** `content`: the frame is as high as its content. `fill`: the frame fills the element; default `content`. */
  declare fit: 'content' | 'fill';
  /** Accessible name of the frame; default "Meshes workspace". */
  declare frameTitle: string;
  /** `lazy`: sends no request before the element approaches the viewport; default `eager`. */
  declare loading: 'eager' | 'lazy';
  /** Name of the `<meta>` that holds the CSRF token. Read for each request; sent to same-origin endpoints only. */
  declare csrfMeta: string | null;
  /** Name of the cookie that holds the CSRF token. Read for each request; sent to same-origin endpoints only. */
  declare csrfCookie: string | null;
  /** Header that carries the CSRF token; default `X-CSRF-Token`. */
  declare csrfHeader: string;
  /** Overrides the default `sandbox` of the frame: `allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads`. */
  declare sandbox: string | null;
  /** Overrides the default `allow` of the frame: `clipboard-write` for its origin. */
  declare allow: string | null;
  /** Time to wait for `meshes:ready`, in milliseconds; default 30000. */
  declare readyTimeout: number;
  /** Logs events with `console.debug`. The log contains no secrets. */
  declare debug: boolean;
  /** Sends no request while set. For server-rendered pages that set headers, a provider, or listeners in a later script. */
  declare deferHydration: boolean;
  /** Headers for both endpoints: an object, or a (possibly async) function that is called for each request. */
  declare requestHeaders: RequestHeaders | null;
  /** Replaces the endpoints: `{mint({launchPage, sessionId, signal}), refresh?({sessionId, signal})}`. Both return what an endpoint returns. */
  declare sessionProvider: SessionProvider | null;

  readonly #states = customStatesOf(this);
  readonly #frame: FrameView = new FrameView(frameSettingsOf(readSettings(this, null)), {
    container: () => this.renderRoot.querySelector('.frame')!,
    onResize: (height, contentHeight) => this.#emit('meshes-resize', {height, contentHeight}),
    onResizeLoop: () =>
      this.#emit('meshes-warning', {
        code: 'resize_loop',
        message:
          'The content grows whenever the frame grows, so its height no longer changes. For content with height: 100vh, set fit="fill".',
      }),
  });
  readonly #focus = new FocusKeeper(this, () => this.#frame.frame);
  readonly #session: SessionController = new SessionController(this, {
    settings: () => this.#settings(),
    frames: this.#frame,
    onStateChange: (state, previousState) => this.#enter(state, previousState),
    onNotice: notice => dispatchNotice(notice, this.#views, this.#frame, this.#emit),
    onEnd: () => {
      this.#focus.leaveFrame();
      this.#views.reset();
    },
  });

  readonly #views = new ViewController(this, this.#session, () => this.#strings());
  readonly #console = new ConsoleReporter();
  #credentials: RequestCredentials | null = null;

  constructor() {
    super();
    Object.setPrototypeOf(this.renderOptions, null);
    for (const name of Object.keys(PROPERTIES)) {
      Reflect.set(this, name, Object.hasOwn(DEFAULTS, name) ? Reflect.get(DEFAULTS, name) : null);
    }
    this.debug = this.deferHydration = false;
    this.#states?.add('idle');
  }

  /** As in `fetch`, for both endpoints. Required for cross-origin endpoints. */
  get credentials(): RequestCredentials {
    return this.#credentials ?? 'same-origin';
  }
  set credentials(value: RequestCredentials | null) {
    const old = this.#credentials;
    this.#credentials = normalizeText(value) as RequestCredentials | null;
    this.requestUpdate('credentials', old);
  }

  /** State of the workspace, also as a custom state: `:state(ready)`. */
  get state(): MeshesWorkspaceState {
    return this.#session.state;
  }

  /** Error of the last `meshes-error`, `meshes-token-expired`, or reconnecting warning; null after the next success. */
  get error(): MeshesError | null {
    return this.#session.error;
  }

  /** Expiry of the current token, in milliseconds since the epoch; null without a token, or if it is unknown. */
  get expiresAt(): number | null {
    return this.#session.expiresAt;
  }

  /** The last safe path that the frame has reported, or null. */
  get path(): string | null {
    return this.#session.path;
  }

  /** The launchable page that contains `path`, or null. */
  get page(): LaunchPage | null {
    return launchPageOf(this.path);
  }

  /**
   * Refreshes the token. Resolves when the new token has been posted to the frame. Joins a request in progress, waits while
   * the workspace starts, and tries to recover in `expired`.
   *
   * @throws MeshesError if there is no session to refresh, or the refresh failed
   */
  refresh(): Promise<void> {
    return this.#session.refresh();
  }

  /**
   * Starts a new session in a new frame, on the last page of the frame. Resolves at `ready`.
   *
   * @throws MeshesError on `failed`, `expired`, or when the element is removed from the document
   */
  reload(): Promise<void> {
    if (this.hasUpdated) this.#updateFrame();
    return this.#session.reload();
  }

  /**
   * Shows a launchable page. Does nothing if the frame is on this page; otherwise starts a new session there. Resolves at `ready`.
   *
   * @throws MeshesError if no session can start on this page, on `failed`, `expired`, or when the element is removed
   */
  open(page: LaunchPage): Promise<void> {
    return this.#session.open(page);
  }

  /**
   * Resolves when the workspace is ready; immediately if it is.
   *
   * @throws MeshesError on `failed`, `expired`, or when the element is removed from the document
   */
  whenReady(): Promise<void> {
    return this.#session.whenReady();
  }

  /** Moves the focus into the frame, or to the button of the view that covers it. */
  override focus(options?: FocusOptions): void {
    this.#focus.focus(options);
  }

  /**
   * The endpoints of the session, resolved when it started: since then, a router may have changed the base URL. Used by `keep()`.
   *
   * @internal
   */
  get endpoints(): (string | undefined)[] {
    return this.#session.endpoints;
  }

  /**
   * Moves the frame to another place in the document, and ends the session in this element. Used by `keep()`.
   *
   * @internal
   * @returns a function that passes the session to another element, or ends it; null if the workspace cannot be kept
   */
  handOver(place: Element): Handover | null {
    return this.#session.handOver(place);
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    try {
      return super.createRenderRoot();
    } catch {
      // The style sheets of this document do not apply in another one. There, the session fails with an error that says so.
      return this.shadowRoot!;
    }
  }

  /** Called when the element has moved to another document, or back. The move removes its style sheets. */
  adoptedCallback(): void {
    if (this.shadowRoot && this.ownerDocument === document) {
      adoptStyles(this.shadowRoot, MeshesWorkspaceElement.elementStyles);
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    warnOfLostAttributes(this, PROPERTIES);
    this.requestUpdate();
  }

  /** Called after `moveBefore()`. If the browser has kept the frame, nothing changes. */
  connectedMoveCallback(): void {
    this.#session.moved();
  }

  protected override scheduleUpdate(): Promise<unknown> | undefined {
    try {
      return super.scheduleUpdate() as Promise<unknown> | undefined;
    } catch {
      this.#session.renderFailed();
      if (this.#views.view === 'error') {
        showPlainError(this.renderRoot, this.error!, this.#strings());
      }
      return undefined;
    }
  }

  protected override shouldUpdate(): boolean {
    return this.#states !== null;
  }

  protected override willUpdate(): void {
    this.#focus.capture();
  }

  protected override render(): TemplateResult {
    return shell(this.#views.options());
  }

  protected override firstUpdated(): void {
    this.#views.firstUpdated();
  }

  protected override updated(): void {
    removePlainError(this.renderRoot);
    this.#focus.restore(this.#updateFrame());
  }

  /** Applies the settings of the frame. @returns whether a view covers it */
  #updateFrame(): boolean {
    const settings = frameSettingsOf(this.#settings());
    const {fills, limits} = settings;
    const covered = this.#views.view !== 'none';
    const workspace = this.renderRoot.querySelector<HTMLElement>('.workspace')!;
    this.#states?.[fills ? 'add' : 'delete']('fill');
    workspace.style.minHeight = fills ? '' : `${limits.min}px`;
    this.#frame.update(settings, covered);
    return covered;
  }

  #settings(): Settings {
    return readSettings(this, this.#credentials);
  }

  #strings(): MeshesWorkspaceStrings {
    return withEnglish((this.constructor as typeof MeshesWorkspaceElement).strings);
  }

  /* The session. */

  #enter(state: MeshesWorkspaceState, previousState: MeshesWorkspaceState): void {
    this.#views.enter(state);
    this.#states?.delete(previousState);
    this.#states?.add(state);
    this.#emit('meshes-state-change', {state, previousState});
  }

  readonly #emit: Emit = (type, detail) => {
    if (this.debug) console.debug('[meshes-workspace]', type, detail);
    const goesOn = emit(this, type, detail);
    if (goesOn) this.#console.report(type, detail);
    return goesOn;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'meshes-workspace': MeshesWorkspaceElement;
  }
}
