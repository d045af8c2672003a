/** What goes to the page around the frame: the six published messages and no other. */
export type HostMessage =
  | {readonly type: 'meshes:ready'}
  | {readonly type: 'meshes:token-refresh'}
  | {readonly type: 'meshes:token-expired'}
  | {readonly type: 'meshes:navigate'; readonly path: string}
  | {readonly type: 'meshes:resize'; readonly height: number};

export interface HostChannel {
  /** False in a window of its own, where nobody will ever answer. */
  readonly embedded: boolean;
  post(message: HostMessage): void;
}

/**
 * Talks to the parent window alone. Its origin is what the browser says it is (`ancestorOrigins`,
 * else the referrer); where the browser does not say, the first acceptable `meshes:auth` tells.
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
      // Nothing that goes up is a secret, so an unknown parent may be told that the frame is ready.
      if (embedded) parent.postMessage(message, targetOf(hostOrigin));
    },
  };
};

/** The origin of the page around the frame, if the browser tells it. */
export const hostOriginOf = (): string | null => {
  const ancestor = location.ancestorOrigins?.[0];
  if (ancestor !== undefined) return ancestor;
  return URL.canParse(document.referrer) ? new URL(document.referrer).origin : null;
};

/** A sandboxed parent has the origin "null", which postMessage does not take as a target. */
const targetOf = (origin: string | null): string =>
  origin === null || origin === 'null' ? '*' : origin;
