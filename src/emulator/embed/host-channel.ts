/** What goes to the page around the frame: the six published messages and no other. */
export type HostMessage =
  | {readonly type: 'meshes:ready'}
  | {readonly type: 'meshes:token-refresh'}
  | {readonly type: 'meshes:token-expired'}
  | {readonly type: 'meshes:navigate'; readonly path: string}
  | {readonly type: 'meshes:resize'; readonly height: number};

export interface HostChannel {
  /** Whether there is a host page. False in a separate window, where no `meshes:auth` can arrive. */
  readonly embedded: boolean;
  post(message: HostMessage): void;
}

/**
 * Exchanges messages with the parent window only. The browser names its origin (`ancestorOrigins`, or else the referrer). Otherwise, the
 * first valid `meshes:auth` does.
 */
export const createHostChannel = (
  allowedOrigins: readonly string[],
  onAuth: (token: string) => void,
): HostChannel => {
  const {parent} = window;
  const embedded = parent !== window;
  let hostOrigin = hostOriginOf();
  const isAllowed = (origin: string): boolean =>
    hostOrigin === null
      ? allowedOrigins.length === 0 || allowedOrigins.includes(origin)
      : origin === hostOrigin;

  window.addEventListener('message', event => {
    if (!embedded || event.source !== parent || !isAllowed(event.origin)) return;
    const data = event.data as {type?: unknown; token?: unknown} | null;
    if (typeof data !== 'object' || data?.type !== 'meshes:auth') return;
    if (typeof data.token !== 'string' || data.token === '') return;
    hostOrigin = event.origin;
    onAuth(data.token);
  });

  return {
    embedded,
    post(message) {
      // These messages contain no secrets, so they may be sent to an unknown parent.
      if (embedded) parent.postMessage(message, targetOf(hostOrigin));
    },
  };
};

/** Returns the origin of the host page, if the browser provides it. */
export const hostOriginOf = (): string | null => {
  const ancestor = location.ancestorOrigins?.[0];
  if (ancestor !== undefined) return ancestor;
  return URL.canParse(document.referrer) ? new URL(document.referrer).origin : null;
};

/** Returns the target origin. A sandboxed parent has the origin "null", which postMessage does not accept. */
const targetOf = (origin: string | null): string =>
  origin === null || origin === 'null' ? '*' : origin;
