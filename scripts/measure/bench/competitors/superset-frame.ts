/* A frame that is given its guest token by Superset's SDK: a port by a message, and the token through the port. */
const now = () => performance.timeOrigin + performance.now();
const spoke = now();
addEventListener('message', ({ports: [port]}) => {
  if (!port) return;
  port.onmessage = ({data}: MessageEvent<{method?: string}>) => {
    if (data.method !== 'guestToken') return;
    const arrived = now();
    parent.postMessage({stopwatch: {spoke, arrived}}, '*');
  };
});
export {};
