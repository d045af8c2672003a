/* On host pages with workspaces: hands their listeners messages, and takes the time of it. */

export type MessageKind = 'accepted' | 'foreign' | 'malformed';

const DATA: Record<MessageKind, unknown> = {
  accepted: {type: 'meshes:resize', height: 800},
  foreign: {type: 'meshes:resize', height: 800},
  malformed: {type: 'meshes:resize', height: 'tall'},
};

function frames(): HTMLIFrameElement[] {
  return [...document.querySelectorAll('meshes-workspace, iframe')].map(
    found => found.shadowRoot?.querySelector('iframe') ?? (found as HTMLIFrameElement),
  );
}

Object.assign(globalThis, {
  /**
   * @param origin what the frames are on
   * @returns µs for one message
   */
  timeMessages: (kind: MessageKind, origin: string, count: number): number => {
    const isForeign = kind === 'foreign';
    // The same event again and again: making one takes longer than most listeners do.
    const event = new MessageEvent('message', {
      source: isForeign ? window : frames().at(-1)!.contentWindow,
      origin: isForeign ? location.origin : origin,
      data: DATA[kind],
    });
    const startedAt = performance.now();
    for (let sent = 0; sent < count; sent += 1) dispatchEvent(event);
    return ((performance.now() - startedAt) * 1_000) / count;
  },
});
