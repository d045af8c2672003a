/* In the frame: says `meshes:ready` and tells when the token is there. */
const now = () => performance.timeOrigin + performance.now();
let spoke = 0;
addEventListener('message', ({data}: MessageEvent<{type?: string} | null>) => {
  if (data?.type !== 'meshes:auth') return;
  const arrived = now();
  parent.postMessage({stopwatch: {spoke, arrived}}, '*');
});
spoke = now();
parent.postMessage({type: 'meshes:ready'}, '*');
