/* In the frame: content whose height changes a thousand times. */

const FROM = 1_500;
const STEPS = 1_000;
const STEPS_PER_FRAME = 10;

const content = document.createElement('div');
content.style.height = `${FROM}px`;
document.body.style.margin = '0';
document.body.append(content);

const observer = new ResizeObserver(() => tell(content.offsetHeight));
const tell = (height: number) => parent.postMessage({type: 'meshes:resize', height}, '*');

/** Tells a thousand heights in one task, whatever the content's is. */
function burst(): void {
  observer.disconnect();
  for (let step = 1; step <= STEPS; step += 1) tell(FROM - step);
}

/** Gets smaller in a thousand steps, ten in each animation frame. */
function shrink(step = 0): void {
  for (let i = 1; i <= STEPS_PER_FRAME; i += 1) content.style.height = `${FROM - step - i}px`;
  const next = step + STEPS_PER_FRAME;
  if (next < STEPS) requestAnimationFrame(() => shrink(next));
}

addEventListener('message', ({data}: MessageEvent<{bench?: string; type?: string} | null>) => {
  if (data?.bench === 'burst') burst();
  if (data?.bench === 'content') shrink();
  if (data?.type === 'meshes:auth') {
    observer.observe(content);
    parent.postMessage({stopwatch: {spoke: 0, arrived: 0}}, '*');
  }
});
// A frame that another library speaks for says nothing of its own.
if (!location.search.includes('silent')) parent.postMessage({type: 'meshes:ready'}, '*');
