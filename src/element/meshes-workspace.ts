import {LitElement, type PropertyDeclarations, type TemplateResult} from 'lit';
import type {MeshesError} from '../errors.js';
import {parseUrl} from '../frame/launch-url.js';
import type {SessionState} from '../session/machine.js';
import type {SessionNotice} from '../session/session-options.js';
import type {SessionProvider} from '../session/token-source.js';
import {Waiters} from '../session/waiters.js';
import {brokenPage, ended, type WorkspaceSession} from '../session/workspace-session.js';
import {
  declaration,
  DEFAULTS,
  flag,
  number,
  text,
  warnOfLostAttributes,
  warnOnce,
  written,
} from './attributes.js';
import {configure, launchPageOf, NOTHING} from './configuration.js';
import {emit, type MeshesWorkspaceEventMap, type MeshesWorkspaceState} from './element-events.js';
import {FrameView} from './frame-view.js';
import {openSession} from './open-session.js';
import {ownOrigin} from './own-document.js';
import {isPrerendering, watchPage, whenNear} from './page-watch.js';
import type {RequestHeaders} from './request-headers.js';
import {type LaunchPage, limitsOf, readSettings, restartKey, type Settings} from './settings.js';
import {announcement, ENGLISH, type MeshesWorkspaceStrings, withEnglish} from './strings.js';
import {styles} from './styles.js';
import {VERSION} from './version.js';
import {shell, type View, viewOf} from './views.js';

/** Of this page, not of one element: a router that returns to a page makes another element with the same markup. */
const USED_LAUNCH_URLS = new Set<string | undefined>();

const withoutFragment = (url: URL | null) => url?.href.split('#')[0];

/**
 * A Meshes workspace in a page.
 *
 * @tag meshes-workspace
 * @fires {CustomEvent<StateChangeDetail>} meshes-state-change - The state is another one.
 * @fires {CustomEvent<ReadyDetail>} meshes-ready - The frame asked for its first token and has it.
 * @fires {CustomEvent<NavigateDetail>} meshes-navigate - The workspace shows another page.
 * @fires {CustomEvent<ResizeDetail>} meshes-resize - The content has another height. Cancel to size the frame yourself.
 * @fires {CustomEvent<TokenRefreshDetail>} meshes-token-refresh - The frame has a new token.
 * @fires {CustomEvent<TokenExpiredDetail>} meshes-token-expired - The token can no longer be renewed. Cancel for no view.
 * @fires {CustomEvent<MeshesError>} meshes-error - The workspace cannot be shown. Cancel for no view.
 * @fires {CustomEvent<WarningDetail>} meshes-warning - Something is wrong, and the workspace goes on.
 * @slot loading - Shown until the workspace is ready.
 * @slot error - Shown where it cannot be shown.
 * @slot expired - Shown over the workspace when its session has ended.
 * @csspart frame - The iframe.
 * @csspart loading - The loading view.
 * @csspart error - The error view.
 * @csspart expired - The expired view.
 * @csspart button - Retry and Reload.
 * @cssprop [--meshes-workspace-surface=Canvas] - Background of the views.
 * @cssprop [--meshes-workspace-text=CanvasText] - Text of the views.
 * @cssprop --meshes-workspace-muted - Secondary text.
 * @cssprop --meshes-workspace-border - Lines around the views.
 * @cssprop --meshes-workspace-skeleton - The blocks of the skeleton.
 * @cssprop --meshes-workspace-accent - Background of the buttons.
 * @cssprop --meshes-workspace-accent-text - Text of the buttons.
 * @cssprop --meshes-workspace-backdrop - Over the frame, under the expired view.
 * @cssprop [--meshes-workspace-radius=12px] - Corners.
 * @cssstate idle - Nothing has been asked for yet.
 * @cssstate minting - A session is being asked for.
 * @cssstate loading - The frame loads.
 * @cssstate ready - The workspace is signed in.
 * @cssstate refreshing - A new token is being asked for.
 * @cssstate reconnecting - A refresh failed and is tried again; the earlier token is still in use.
 * @cssstate expired - The token can no longer be renewed.
 * @cssstate failed - The workspace cannot be shown.
 * @cssstate fill - The frame fills the element.
 */
export class MeshesWorkspaceElement extends LitElement {
  static override styles = styles;

  // Without a prototype, as the declarations of the properties.
  static override shadowRootOptions: ShadowRootInit = Object.assign(
    Object.create(null) as ShadowRootInit,
    {mode: 'open'} as const,
  );

  /** Version of the package that this class is from. */
  static readonly version: string = VERSION;

  /** The texts of the views and of the live region; replace any of them for another language. */
  static strings: Partial<MeshesWorkspaceStrings> = ENGLISH;

  static override properties: PropertyDeclarations = {
    launchUrl: text('launch-url'),
    sessionId: text('session-id'),
    tokenEndpoint: text('token-endpoint'),
    refreshEndpoint: text('refresh-endpoint'),
    embedOrigin: text('embed-origin'),
    launchPage: text('launch-page'),
    minHeight: number('min-height', DEFAULTS.minHeight),
    maxHeight: number('max-height', DEFAULTS.maxHeight),
    fit: text('fit', DEFAULTS.fit),
    frameTitle: text('frame-title', DEFAULTS.frameTitle),
    loading: text('loading', DEFAULTS.loading),
    credentials: declaration({...text('credentials'), noAccessor: true}),
    csrfMeta: text('csrf-meta'),
    csrfCookie: text('csrf-cookie'),
    csrfHeader: text('csrf-header', DEFAULTS.csrfHeader),
    sandbox: text('sandbox'),
    allow: text('allow'),
    readyTimeout: number('ready-timeout', DEFAULTS.readyTimeout),
    debug: flag('debug'),
    deferHydration: flag('defer-hydration'),
    requestHeaders: declaration({attribute: false}),
    sessionProvider: declaration({attribute: false}),
  };

  /** Launch URL of a session that was minted with the page; used once. */
  declare launchUrl: string | null;
  /** The session that `launchUrl` belongs to. */
  declare sessionId: string | null;
  /** Where a session is asked for (POST). */
  declare tokenEndpoint: string | null;
  /** Where a new token is asked for (POST); default: `tokenEndpoint`. */
  declare refreshEndpoint: string | null;
  /** Origins allowed for the frame, separated by spaces; default: any but the page's own. */
  declare embedOrigin: string | null;
  /** Page of the workspace to start at; default: the backend's choice. */
  declare launchPage: LaunchPage | null;
  /** Lowest height of the frame in CSS px; default 480. */
  declare minHeight: number;
  /** Greatest height of the frame in CSS px; default 20000. */
  declare maxHeight: number;
  /** `content` (default): as high as the content. `fill`: as high as the element. */
  declare fit: 'content' | 'fill';
  /** Accessible name of the frame; default "Meshes workspace". */
  declare frameTitle: string;
  /** `lazy`: nothing is asked for before the element nears the viewport; default `eager`. */
  declare loading: 'eager' | 'lazy';
  /** Name of the `<meta>` that holds the CSRF token. */
  declare csrfMeta: string | null;
  /** Name of the cookie that holds the CSRF token. */
  declare csrfCookie: string | null;
  /** Header the CSRF token goes in; default `X-CSRF-Token`. */
  declare csrfHeader: string;
  /** Takes the place of the preset for the frame's `sandbox`. */
  declare sandbox: string | null;
  /** Takes the place of the preset for the frame's `allow`. */
  declare allow: string | null;
  /** From launch to the frame's first word, in ms; default 30000. */
  declare readyTimeout: number;
  /** Writes what happens to the console, without secrets. */
  declare debug: boolean;
  /** Asks for nothing while it is set: for server-rendered pages whose script sets headers, a provider or listeners later. */
  declare deferHydration: boolean;
  /** Headers for both endpoints: an object, or a function that is asked before each request. */
  declare requestHeaders: RequestHeaders | null;
  /** Mints and refreshes in place of the endpoints. */
  declare sessionProvider: SessionProvider | null;

  readonly #internals = this.attachInternals();
  readonly #view: FrameView = new FrameView({
    container: () => this.renderRoot.querySelector('.frame')!,
    title: () => written(this.frameTitle) ?? DEFAULTS.frameTitle,
    sandbox: () => written(this.sandbox),
    allow: () => written(this.allow),
    limits: () => limitsOf(this.#settings()),
    fills: () => this.fit === 'fill',
    onResize: (height, contentHeight) => this.#emit('meshes-resize', {height, contentHeight}),
    onResizeLoop: () =>
      this.#emit('meshes-warning', {
        code: 'resize_loop',
        message:
          'The content grows whenever its frame does, so the height is held. For content 100vh high use fit="fill".',
      }),
    onLoad: () => this.#session?.frameLoaded(),
  });

  #credentials: RequestCredentials | null = null;
  /** Ends with the connection to the document. */
  #connection: AbortController | null = null;
  #session: WorkspaceSession | null = null;
  /** What the running session was started with, to tell a real change from the same value again. */
  #startedWith = '';
  #misconfigured = false;
  /** `launch-page` as it was when it was judged last, and the page that is shown. */
  #askedPage: string | null = null;
  #page = 'dashboard';
  /** lazy: the element has been near the viewport, or was told to start. */
  #wanted: 'not-yet' | 'watching' | 'yes' = 'not-yet';
  #state: MeshesWorkspaceState = 'idle';
  #error: MeshesError | null = null;
  #viewCancelled = false;
  #silent = false;
  #retrying = false;
  #status = '';
  /** What had the focus before a render. */
  #focused: Element | null = null;
  readonly #waiters = new Waiters();

  constructor() {
    super();
    Object.setPrototypeOf(this.renderOptions, null);
    Object.assign(this, DEFAULTS);
    this.launchUrl = this.sessionId = this.tokenEndpoint = this.refreshEndpoint = null;
    this.embedOrigin = this.launchPage = this.csrfMeta = this.csrfCookie = null;
    this.sandbox = this.allow = this.requestHeaders = this.sessionProvider = null;
    this.debug = this.deferHydration = false;
    this.#internals.states.add('idle');
  }

  /** As for `fetch`, for both endpoints; has to be written out for one on another origin. */
  get credentials(): RequestCredentials {
    return this.#credentials ?? 'same-origin';
  }
  set credentials(value: RequestCredentials | null) {
    const old = this.#credentials;
    this.#credentials = written(value) as RequestCredentials | null;
    this.requestUpdate('credentials', old);
  }

  /** How far the workspace is; there is a custom state of the same name. */
  get state(): MeshesWorkspaceState {
    return this.#state;
  }

  /** What the last `meshes-error`, `meshes-token-expired` or reconnecting warning was about, until the next success. */
  get error(): MeshesError | null {
    return this.#error;
  }

  /** When the token in use ends, in ms since the epoch; null where there is none, or it is unknown. */
  get expiresAt(): number | null {
    return this.#session?.expiresAt ?? null;
  }

  /**
   * Renews the token. Resolves when the frame has been sent the new one; joins a request that is
   * under way; waits while the workspace is starting; after expiry it tries to come back.
   *
   * @throws MeshesError where there is no session to renew, or it cannot be
   */
  refresh(): Promise<void> {
    return this.#session?.refresh() ?? Promise.reject(ended());
  }

  /**
   * Starts over with a fresh session in a fresh frame. Resolves at ready.
   *
   * @throws MeshesError on `failed`, `expired`, or when the element is taken out of the document
   */
  reload(): Promise<void> {
    if (!this.isConnected) return Promise.reject(ended());
    this.#want();
    if (this.hasUpdated) this.#start();
    return this.whenReady();
  }

  /**
   * Resolves when the workspace is ready, at once where it is.
   *
   * @throws MeshesError on `failed`, `expired`, or when the element is taken out of the document
   */
  whenReady(): Promise<void> {
    switch (this.#state) {
      case 'ready':
      case 'refreshing':
      case 'reconnecting':
        return Promise.resolve();
      case 'expired':
      case 'failed':
        return Promise.reject(this.#error!);
      default:
        return this.#waiters.wait();
    }
  }

  /** Moves the focus into the frame, or to the button of the view that covers it. */
  override focus(options?: FocusOptions): void {
    (this.#viewButton() ?? this.#view.frame)?.focus(options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connection = new AbortController();
    watchPage(
      {
        onWake: () => this.#session?.wake(),
        onOnline: () => this.#session?.online(),
        onActivate: () => this.requestUpdate(),
        onBlocked: (origin, directive) => this.#session?.blocked(origin, directive),
      },
      this.#connection.signal,
    );
    warnOfLostAttributes(this, MeshesWorkspaceElement.properties);
    this.requestUpdate();
  }

  /** A move by `moveBefore`: where the engine kept the frame, nothing has happened. */
  connectedMoveCallback(): void {
    if (this.#session && !this.#view.isKept()) this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
    this.#connection = null;
    this.#wanted = 'not-yet';
    this.#end();
    this.#setState('idle');
    this.#waiters.settle(ended());
  }

  protected override scheduleUpdate(): Promise<unknown> | undefined {
    try {
      return super.scheduleUpdate() as Promise<unknown> | undefined;
    } catch {
      // Nothing is shown, and nothing may wait for it. Rendering that fails again says the same.
      if (this.#state === 'failed') return undefined;
      warnOnce(brokenPage().message);
      this.#end();
      this.#session = openSession(NOTHING, this, this.#view, notice => this.#notify(notice));
      this.#session.reject(brokenPage());
      return undefined;
    }
  }

  protected override render(): TemplateResult {
    return shell({
      view: this.#currentView(),
      busy: this.#state !== 'idle',
      error: this.#error,
      retrying: this.#retrying,
      silent: this.#silent,
      // What a live region holds from the start is not read out.
      status: this.hasUpdated ? this.#status : '',
      strings: this.#strings(),
      onRetry: () => void this.#retry(),
      // A failure shows in the view, and the page has its event.
      onReload: () => void this.reload().catch(() => {}),
    });
  }

  protected override willUpdate(): void {
    this.#focused = this.shadowRoot?.activeElement ?? null;
    // The token is asked for ahead of the first render. A frame has to wait: it has no place yet, and one ahead of the render was no faster.
    if (!this.hasUpdated && !written(this.launchUrl)) this.#judge();
  }

  protected override firstUpdated(): void {
    if (this.#status) queueMicrotask(() => this.requestUpdate());
  }

  protected override updated(): void {
    const view = this.#currentView();
    const fills = this.fit === 'fill';
    const workspace = this.#workspace()!;
    this.#internals.states[fills ? 'add' : 'delete']('fill');
    workspace.style.minHeight = fills ? '' : `${limitsOf(this.#settings()).min}px`;
    this.#view.update(view !== 'none');
    this.#keepFocus(view, workspace);
    // Whatever starts from here changes the state, and so asks for another update.
    queueMicrotask(() => this.#judge());
  }

  /* The session. */

  /** Starts where nothing runs yet, and anew where a setting has really changed. */
  #judge(): void {
    if (!this.#connection || this.#mustWait()) return;
    if (this.loading === 'lazy' && this.#wanted !== 'yes' && !this.#session) {
      if (this.#wanted === 'not-yet') {
        this.#wanted = 'watching';
        whenNear(this, this.#connection.signal, () => this.#want());
      }
      return;
    }
    const page = written(this.launchPage);
    const pageChanged = page !== this.#askedPage;
    this.#askedPage = page;
    if (
      !this.#session ||
      restartKey(this.#settings(), this.#misconfigured) !== this.#startedWith ||
      (pageChanged && (page ?? 'dashboard') !== this.#page)
    ) {
      this.#start();
    }
  }

  #mustWait(): boolean {
    return this.deferHydration || isPrerendering();
  }

  /** lazy: now it has to start. */
  #want(): void {
    this.#wanted = 'yes';
    this.requestUpdate();
  }

  #start(): void {
    if (this.#mustWait()) return;
    this.#end();
    const settings = this.#settings();
    // A launch URL works once; later sessions need a fresh one.
    if (USED_LAUNCH_URLS.has(withoutFragment(parseUrl(settings.launchUrl ?? ''))))
      settings.launchUrl = null;
    this.#askedPage = settings.launchPage;
    this.#page = settings.launchPage ?? 'dashboard';
    let configuration = NOTHING;
    let problem: MeshesError | null = null;
    try {
      configuration = configure(settings, {baseUrl: this.baseURI, origin: ownOrigin()});
    } catch (error) {
      problem = error as MeshesError;
    }
    this.#misconfigured = problem !== null;
    this.#startedWith = restartKey(this.#settings(), this.#misconfigured);
    const session = openSession(configuration, this, this.#view, notice => this.#notify(notice));
    this.#session = session;
    if (problem) {
      warnOnce(problem.message);
      session.reject(problem);
    } else {
      const {launch} = configuration;
      if (launch) USED_LAUNCH_URLS.add(withoutFragment(launch.url));
      session.start();
    }
  }

  #end(): void {
    const {frame} = this.#view;
    if (frame && this.shadowRoot?.activeElement === frame) {
      this.#workspace()?.focus({preventScroll: true});
    }
    this.#session?.dispose();
    this.#session = null;
    this.#silent = false;
    this.#retrying = false;
    this.#viewCancelled = false;
  }

  /** By hand, after a failure; what comes of it shows in the view or in another state. */
  async #retry(): Promise<void> {
    const session = this.#session;
    if (this.#retrying || !session) return;
    this.#retrying = true;
    this.#say(this.#strings().retrying);
    await session.retry().catch(() => {});
    if (session !== this.#session) return;
    this.#retrying = false;
    if (this.#state === 'failed') this.#announce('failed');
  }

  #notify(notice: SessionNotice): void {
    switch (notice.type) {
      case 'state-change':
        this.#enter(notice.state);
        break;
      case 'ready':
        this.#emit('meshes-ready', {sessionId: notice.sessionId, origin: notice.origin});
        break;
      case 'navigate':
        this.#page = (notice.path && launchPageOf(notice.path)) ?? this.#page;
        this.#view.pageChanged();
        this.#emit('meshes-navigate', {path: notice.path, data: notice.data});
        break;
      case 'resize':
        this.#view.resize(notice.height);
        break;
      case 'token-refresh': {
        const {sessionId, expiresAt, cause} = notice;
        this.#emit('meshes-token-refresh', {sessionId, expiresAt, cause});
        break;
      }
      case 'token-expired':
        this.#viewCancelled = !this.#emit('meshes-token-expired', {sessionId: notice.sessionId});
        this.#waiters.settle(this.#error!);
        break;
      case 'error':
        this.#viewCancelled = !this.#emit('meshes-error', notice.error);
        this.#waiters.settle(notice.error);
        break;
      case 'failed-again':
        this.#error = notice.error;
        this.requestUpdate();
        break;
      case 'warning':
        if (notice.code === 'frame_reloaded') {
          this.#silent = true;
          this.#say(this.#strings().frameReloaded);
        }
        this.#emit('meshes-warning', {code: notice.code, message: notice.message});
        break;
      case 'document-ready':
        if (this.#silent) this.#announce('ready');
        this.#silent = false;
        this.#view.pageChanged();
        break;
    }
  }

  #enter(sessionState: SessionState): void {
    const state = sessionState === 'closed' ? 'idle' : sessionState;
    const {error} = this.#session!;
    if (state === 'ready') this.#error = null;
    else if (error) this.#error = error;
    // A new token does not make a silent frame speak.
    if (state !== 'ready' || !this.#silent) this.#announce(state);
    this.#viewCancelled = false;
    this.#setState(state);
    if (state === 'ready') this.#waiters.settle();
  }

  #setState(state: MeshesWorkspaceState): void {
    const {states} = this.#internals;
    const previousState = this.#state;
    if (state === previousState) return;
    states.delete(previousState);
    states.add(state);
    this.#state = state;
    this.requestUpdate();
    this.#emit('meshes-state-change', {state, previousState});
  }

  #emit<Type extends keyof MeshesWorkspaceEventMap>(
    type: Type,
    detail: MeshesWorkspaceEventMap[Type]['detail'],
  ): boolean {
    if (this.debug) console.debug('[meshes-workspace]', type, detail);
    return emit(this, type, detail);
  }

  /* What is set, and what is shown. */

  #settings(): Settings {
    return readSettings(this, this.#credentials);
  }

  #currentView(): View {
    return viewOf(this.#state, this.#viewCancelled);
  }

  #strings(): MeshesWorkspaceStrings {
    return withEnglish((this.constructor as typeof MeshesWorkspaceElement).strings);
  }

  /** Into the live region. */
  #say(status: string | null): void {
    this.#status = status ?? this.#status;
    this.requestUpdate();
  }

  #announce(state: MeshesWorkspaceState): void {
    this.#say(announcement(state, this.#error, this.#strings()));
  }

  #workspace(): HTMLElement | null {
    return this.shadowRoot?.querySelector('.workspace') ?? null;
  }

  #viewButton(): HTMLButtonElement | null {
    return this.shadowRoot?.querySelector('.view button') ?? null;
  }

  /** A view that comes or goes takes the focus along where it was inside of this element. */
  #keepFocus(view: View, workspace: HTMLElement): void {
    const focused = this.#focused;
    const {frame} = this.#view;
    this.#focused = null;
    if (!focused) return;
    const lost = !focused.isConnected || (focused === frame && view !== 'none');
    if (lost || focused === workspace) {
      const button = this.#viewButton();
      const target = button ?? (view === 'none' && frame ? frame : workspace);
      if (target !== focused) target.focus({preventScroll: true});
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'meshes-workspace': MeshesWorkspaceElement;
  }
}
