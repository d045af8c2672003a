import type {DemoState} from '../demo-routes.js';
import {find} from './find.js';
import {sendEvent} from './send-event.js';
import {showStates} from './show-states.js';

showStates();

find('#reload').addEventListener('click', () => {
  // The workspace shows the result.
  void document
    .querySelector('meshes-workspace')!
    .reload()
    .catch(() => {});
});

const {user, eventsUrl} = JSON.parse(find('.toolbar').dataset.state!) as DemoState;
find('#send').addEventListener('click', () => {
  const output = find('#send-result');
  const key = user?.publishableKey;
  if (!key) {
    output.textContent = user
      ? 'Set MESHES_PUBLISHABLE_KEY to send events.'
      : 'Nobody is signed in.';
    return;
  }
  const payload = {email: 'ada@example.com', first_name: 'Ada'};
  sendEvent(key, eventsUrl, {event: 'contact.created', payload}).then(
    () => (output.textContent = 'Accepted. The dashboard and the events page will show the event.'),
    (error: unknown) => (output.textContent = String(error)),
  );
});
