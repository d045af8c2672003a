/* A frame that asks its page for the token by penpal. */
import {connect, WindowMessenger} from 'penpal';

const now = () => performance.timeOrigin + performance.now();
const spoke = now();
const messenger = new WindowMessenger({remoteWindow: window.parent, allowedOrigins: ['*']});
void connect<{token: () => Promise<string>}>({messenger})
  .promise.then(remote => remote.token())
  .then(() => {
    const arrived = now();
    parent.postMessage({stopwatch: {spoke, arrived}}, '*');
  });
