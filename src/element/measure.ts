/**
 * Starts an entry of the performance timeline: see docs/performance.md.
 *
 * @returns adds the entry when it is called first
 */
export function startMeasure(name: 'token' | 'frame' | 'handshake' | 'ready'): () => void {
  let start = performance.now();
  return () => {
    if (!start) return;
    try {
      performance.measure(`meshes-workspace:${name}`, {
        start,
        // Browsers show the entries as a track in their performance panel.
        detail: {devtools: {dataType: 'track-entry', track: 'meshes-workspace'}},
      });
    } catch {
      // A script of the page has replaced the method.
    }
    start = 0;
  };
}
