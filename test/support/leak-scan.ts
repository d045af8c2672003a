/** Looks for secrets in every place where another script, a log or the next page could find them. */

export interface Sighting {
  channel: string;
  /** Where in the channel. */
  where: string;
  secret: string;
}

export interface LeakScan {
  /** Further texts of a channel: headers, addresses that a server has recorded. */
  add(channel: string, where: string, value: unknown): void;
  /** Everything that is to be seen of these secrets now, or has been since the last time. */
  sightings(secrets: string[]): Promise<Sighting[]>;
  /** Puts the console back. */
  stop(): void;
}

const CONSOLE = [
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'trace',
  'dir',
  'table',
  'group',
] as const;
/** How deep values are looked into; what the page itself holds is endless. */
const DEPTH = 5;

/** Starts to listen: to the console, which keeps silent meanwhile, to uncaught errors, and to every event of these types that passes the document. */
export function startLeakScan(types: readonly string[]): LeakScan {
  const controller = new AbortController();
  const {signal} = controller;
  const native = nativeGlobals();
  const kept: {channel: string; where: string; value: unknown}[] = [];
  const add = (channel: string, where: string, value: unknown) =>
    void kept.push({channel, where, value});

  for (const type of types) {
    document.addEventListener(type, event => add('events', type, event), {signal, capture: true});
  }
  addEventListener('error', event => add('errors', 'uncaught', event.error), {signal});
  addEventListener('unhandledrejection', ({reason}) => add('errors', 'unhandled', reason), {
    signal,
  });
  const original = {...console};
  for (const method of CONSOLE) {
    console[method] = (...values: unknown[]) => add('console', method, values);
  }

  return {
    add,
    stop() {
      controller.abort();
      Object.assign(console, original);
    },
    async sightings(secrets) {
      const found: Sighting[] = [];
      const look = (channel: string, where: string, value: unknown) => {
        for (const [path, text] of textsIn(value, where, DEPTH, new Set())) {
          const secret = secrets.find(secret => text.includes(secret));
          if (secret !== undefined) found.push({channel, where: path, secret});
        }
      };
      for (const {channel, where, value} of kept.splice(0)) look(channel, where, value);
      for (const node of nodesOf(document)) {
        for (const [where, text] of textsOfNode(node)) look('document', where, text);
        if (node instanceof HTMLElement && node.localName.includes('-')) {
          look('properties', node.localName, node);
        }
      }
      for (const entry of performance.getEntries())
        look('resource timing', entry.entryType, entry.name);
      look('history', 'address', [location.href, document.URL, document.baseURI, document.title]);
      look('history', 'state', history.state);
      look('referrers', 'document', document.referrer);
      look('storage', 'localStorage', Object.entries(localStorage));
      look('storage', 'sessionStorage', Object.entries(sessionStorage));
      look('storage', 'cookies', document.cookie);
      look(
        'storage',
        'databases',
        (await indexedDB.databases()).map(({name}) => name),
      );
      look('storage', 'caches', await caches.keys());
      look('storage', 'window name', window.name);
      for (const key of Reflect.ownKeys(window)) {
        const value = read(window, key);
        if (value instanceof Node || isWindow(value)) continue;
        if (!native.has(key) || typeof value === 'string') look('globals', String(key), value);
      }
      return found;
    },
  };
}

/** What every window has: the engine's own, where a page keeps nothing. And the runner's, which is endless in WebKit. */
function nativeGlobals(): Set<PropertyKey> {
  const frame = document.body.appendChild(document.createElement('iframe'));
  const names = new Set<PropertyKey>([...Reflect.ownKeys(frame.contentWindow!), 'Mocha', 'mocha']);
  frame.remove();
  return names;
}

/** Every node of the document, those in open shadow roots included. */
function* nodesOf(root: Document | ShadowRoot): Generator<Node> {
  for (const node of root.querySelectorAll('*')) {
    yield node;
    if (node.shadowRoot) yield* nodesOf(node.shadowRoot);
  }
}

function* textsOfNode(node: Node): Generator<[string, string]> {
  const element = node as Element;
  for (const {name, value} of element.attributes) yield [`<${element.localName} ${name}>`, value];
  for (const child of element.childNodes) {
    if (child.nodeType !== Node.ELEMENT_NODE) {
      yield [`text of <${element.localName}>`, child.textContent ?? ''];
    }
  }
  const {value} = element as HTMLInputElement;
  if (typeof value === 'string') yield [`value of <${element.localName}>`, value];
}

/** Every text in a value: own and inherited, by name and by symbol, and what errors keep to themselves. */
function* textsIn(
  value: unknown,
  path: string,
  depth: number,
  seen: Set<unknown>,
): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value === 'symbol') yield [path, value.description ?? ''];
  if (typeof value === 'bigint' || typeof value === 'number') yield [path, String(value)];
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject || depth === 0 || seen.has(value) || isWindow(value)) return;
  seen.add(value);
  if (value instanceof Error) {
    yield* [
      [`${path}.message`, value.message],
      [`${path}.stack`, value.stack ?? ''],
      [`${path} as text`, String(value)],
    ] as [string, string][];
  }
  if (value instanceof Map || value instanceof Set) {
    for (const entry of value as Iterable<unknown>)
      yield* textsIn(entry, `${path}{}`, depth - 1, seen);
  }
  // The rest of the document is looked through node by node.
  const isGuest = value instanceof Node && depth < DEPTH;
  if (isGuest) return;
  for (let at = value as object | null; at; at = Object.getPrototypeOf(at) as object | null) {
    for (const key of Reflect.ownKeys(at)) {
      const inner = read(value, key);
      if (typeof inner === 'function' && (at !== value || key === 'constructor')) continue;
      if (typeof key === 'string') yield [`name of ${path}`, key];
      yield* textsIn(inner, `${path}.${String(key)}`, depth - 1, seen);
    }
  }
}

function read(object: object, key: PropertyKey): unknown {
  try {
    const value: unknown = Reflect.get(object, key);
    if (value instanceof Promise) value.catch(() => {});
    return value;
  } catch {
    // Getters of prototypes, and of windows of another origin.
    return undefined;
  }
}

function isWindow(value: unknown): boolean {
  try {
    return (value as Window).window === value;
  } catch {
    return true;
  }
}
