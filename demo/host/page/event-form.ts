import type {MeshesWorkspaceElement} from 'meshes-workspace';
import type {DemoState} from '../demo-routes.js';
import {find} from './find.js';
import {sendEvent} from './send-event.js';

/** Sends the event of the form to Meshes, from the browser. */
export const startEventForm = (workspace: MeshesWorkspaceElement, state: () => DemoState): void => {
  const form = find('#send-event') as HTMLFormElement;
  const output = find('#send-result');
  const button = find('#send-button');

  const say = (text: string, failed: boolean) => {
    output.textContent = text;
    output.toggleAttribute('data-failed', failed);
  };

  const send = async () => {
    const {user, eventsUrl} = state();
    const key = user?.publishableKey;
    if (!user) return say('Nobody is signed in.', true);
    if (!key) return say('Set MESHES_PUBLISHABLE_KEY to send events.', true);
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    const outcome = field('simulate');
    try {
      const id = await sendEvent(key, eventsUrl, {
        event: field('event'),
        payload: {
          email: field('email'),
          first_name: field('first_name'),
          ...(outcome && {simulate: outcome}),
        },
      });
      say(`Accepted as ${id}.`, false);
    } catch (error) {
      say(error instanceof Error ? error.message : 'The event could not be sent.', true);
    }
  };

  form.addEventListener('submit', event => {
    event.preventDefault();
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    say('Sending …', false);
    void send().finally(() => (button.ariaDisabled = 'false'));
  });

  find('#show-events').addEventListener('click', () => {
    // Setting the same page again would start nothing.
    if (workspace.launchPage === 'events') void workspace.reload().catch(() => {});
    else workspace.launchPage = 'events';
  });
};
