/* On host pages: counts what becomes of a frame's style while its content changes. */

export interface ResizingCounts {
  /** Times that the frame's style was written. */
  writes: number;
  /** Times in the animation frame that had most of them. */
  mostInOneFrame: number;
  /** Animation frames with at least one. */
  frames: number;
  /** Height of the frame at the end, CSS px. */
  height: number;
}

const STILL_MS = 400;

const frame = () =>
  document.querySelector('meshes-workspace')?.shadowRoot?.querySelector('iframe') ??
  document.querySelector('iframe')!;

Object.assign(globalThis, {
  /** Resolves when the frame is this high, CSS px, and one animation frame later. */
  untilHeight: (height: number): Promise<void> =>
    new Promise(resolve => {
      const look = () => {
        if (frame().offsetHeight === height) requestAnimationFrame(() => resolve());
        else requestAnimationFrame(look);
      };
      look();
    }),

  /** Lets the frame's content change, and counts until nothing has been written for a while. */
  countResizing: (how: 'burst' | 'content'): Promise<ResizingCounts> => {
    let writes = 0;
    let inThisFrame = 0;
    const counts = {writes: 0, mostInOneFrame: 0, frames: 0};
    const observer = new MutationObserver(records => {
      writes += records.length;
      inThisFrame += records.length;
      counts.mostInOneFrame = Math.max(counts.mostInOneFrame, inThisFrame);
    });
    observer.observe(frame(), {attributes: true, attributeFilter: ['style', 'height']});
    frame().contentWindow!.postMessage({bench: how}, '*');
    return new Promise(resolve => {
      let lastChange = 0;
      const onFrame = (time: number) => {
        // The callbacks of one frame run before what they have written is seen.
        queueMicrotask(() => {
          if (inThisFrame > 0) {
            counts.frames += 1;
            lastChange = time;
          }
          inThisFrame = 0;
          if (lastChange && time - lastChange > STILL_MS) {
            observer.disconnect();
            resolve({...counts, writes, height: frame().offsetHeight});
          } else requestAnimationFrame(onFrame);
        });
      };
      requestAnimationFrame(onFrame);
    });
  },
});
