/**
 * Starts an entry of the performance timeline: see docs/performance.md.
 *
 * @returns a function that adds the entry. Only its first call has an effect
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
