import type {MeshesError} from '../errors.js';
import type {MeshesWorkspaceState} from '../element/element-events.js';
import {normalizeText} from '../element/attributes.js';
import {type LaunchPage, launchPageOf} from '../element/launch-page.js';
import type {MeshesWorkspaceElement} from '../element/meshes-workspace.js';
import {PROPERTIES} from '../element/properties.js';
import {readSettings} from '../element/settings.js';
import {ENGLISH, type MeshesWorkspaceStrings} from '../element/strings.js';
import {VERSION} from '../element/version.js';
import {DoubleController} from './double-controller.js';
import type {ReachableState} from './path.js';

const TAG = 'meshes-workspace';

/** The controllers of test doubles, by element. */
const controllers = new WeakMap<Element, DoubleController>();

export interface TestWorkspaceOptions {
  /**
   * State that a workspace reaches by itself after it is connected, reloaded, or restarted. Default: `ready`. With `minting`, every
   * request waits for `goTo()`.
   */
  readonly initialState?: ReachableState | undefined;
}

let initialState: ReachableState = 'ready';

/**
 * Defines a test double of `<meshes-workspace>`, for tests in jsdom or happy-dom. The test double has the properties, methods, and
 * events of the element, but no network and no iframe. Call this function before you import code that defines the element. A further
 * call changes the options. Without a DOM it does nothing, because tests of a server may use the same setup file.
 *
 * @throws TypeError if the element itself is defined
 */
export function installTestWorkspace(options: TestWorkspaceOptions = {}): void {
  // In Node, Lit adds a registry, but no DOM.
  if (typeof HTMLElement === 'undefined') return;
  const registry = globalThis.customElements;
  const defined = registry.get(TAG);
  if (defined && !doubles.has(defined)) {
    throw new TypeError(
      `installTestWorkspace(): <${TAG}> is already defined. Call installTestWorkspace() in a setup file, before \`meshes-workspace\` is imported.`,
    );
  }
  initialState = options.initialState ?? 'ready';
  if (!defined) registry.define(TAG, createDouble());
}

const doubles = new WeakSet<CustomElementConstructor>();

/** Returns the controller of a test double. @throws TypeError if the element is not a test double */
export function controllerOf(element: Element, caller: string): DoubleController {
  const controller = controllers.get(element);
  if (controller) return controller;
  throw new TypeError(
    `${caller}: the element is not a test double of <${TAG}>. Call installTestWorkspace() before the element is created.`,
  );
}

/** The declarations of the element, so that the double has the same attributes and properties. */
const declarations = Object.entries(PROPERTIES).map(([property, {attribute, converter}]) => ({
  property,
  attribute: typeof attribute === 'string' ? attribute : null,
  read: (value: string | null): unknown =>
    typeof converter === 'object' ? converter.fromAttribute?.(value) : value,
}));

/** Creates the class. A function, because `HTMLElement` may be defined after this module has loaded. */
export function createDouble(): CustomElementConstructor {
  class TestWorkspace extends HTMLElement {
    static readonly version = VERSION;
    static strings: Partial<MeshesWorkspaceStrings> = ENGLISH;

    static get observedAttributes(): string[] {
      return declarations.flatMap(({attribute}) => attribute ?? []);
    }

    static {
      for (const {property} of declarations) {
        Object.defineProperty(this.prototype, property, {
          configurable: true,
          enumerable: true,
          get(this: TestWorkspace): unknown {
            return this.#read(property);
          },
          set(this: TestWorkspace, value: unknown) {
            this.#write(property, value);
          },
        });
      }
    }

    readonly #values = new Map<string, unknown>();
    readonly #controller = new DoubleController(this, {
      settings: () =>
        readSettings(
          this as unknown as MeshesWorkspaceElement,
          this.#values.get('credentials') as string | null,
        ),
      initialState: () => initialState,
      onStateChange: (state, previousState) => this.#show(state, previousState),
    });
    // jsdom has no custom states.
    readonly #states: Set<string> | undefined;

    declare deferHydration: boolean;

    constructor() {
      super();
      controllers.set(this, this.#controller);
      for (const {property, read} of declarations) {
        // Properties that were set before the element was upgraded.
        const early = Object.getOwnPropertyDescriptor(this, property);
        this.#values.set(property, read(null) ?? null);
        if (early) {
          Reflect.deleteProperty(this, property);
          this.#write(property, early.value);
        }
      }
      this.#states = this.attachInternals?.().states;
      this.#states?.add('idle');
      this.attachShadow({mode: 'open'});
    }

    get state(): MeshesWorkspaceState {
      return this.#controller.state;
    }

    get error(): MeshesError | null {
      return this.#controller.error;
    }

    get expiresAt(): number | null {
      return this.#controller.expiresAt;
    }

    get path(): string | null {
      return this.#controller.path;
    }

    get page(): LaunchPage | null {
      return launchPageOf(this.path);
    }

    /** As in Lit: resolves when all changes until now have taken effect. */
    get updateComplete(): Promise<boolean> {
      return this.#controller.updated.then(() => true);
    }

    refresh(): Promise<void> {
      return this.#controller.refresh();
    }

    reload(): Promise<void> {
      return this.#controller.reload();
    }

    open(page: LaunchPage): Promise<void> {
      return this.#controller.open(page);
    }

    whenReady(): Promise<void> {
      return this.#controller.whenReady();
    }

    connectedCallback(): void {
      this.#show(this.state, this.state);
      this.#controller.connected();
    }

    disconnectedCallback(): void {
      this.#controller.disconnected();
    }

    attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
      const declared = declarations.find(({attribute}) => attribute === name);
      if (declared) this.#write(declared.property, declared.read(value));
    }

    #read(property: string): unknown {
      const value = this.#values.get(property);
      return property === 'credentials' ? (value ?? 'same-origin') : value;
    }

    #write(property: string, value: unknown): void {
      this.#values.set(
        property,
        property === 'credentials' ? normalizeText(value as string | null) : value,
      );
      if (this.isConnected) this.#controller.requestUpdate();
    }

    /** Shows a view for stories and snapshots: the slot of the page, or the name of the state. */
    #show(state: MeshesWorkspaceState, previousState: MeshesWorkspaceState): void {
      this.#states?.delete(previousState);
      this.#states?.add(state);
      const document = this.ownerDocument;
      const view = document.createElement('div');
      view.setAttribute('part', VIEWS[state] ?? 'frame');
      const slot = document.createElement('slot');
      slot.setAttribute('name', VIEWS[state] ?? 'frame');
      slot.textContent = `Test double of <${TAG}>: ${state}`;
      view.append(slot);
      this.shadowRoot!.replaceChildren(view);
    }
  }
  doubles.add(TestWorkspace);
  return TestWorkspace;
}

const VIEWS: Partial<Record<MeshesWorkspaceState, string>> = {
  idle: 'loading',
  minting: 'loading',
  loading: 'loading',
  expired: 'expired',
  failed: 'error',
};
