import type {EventsAnswer} from '../../embed-data-api.js';
import {RequestError} from '../access.js';
import {field, h} from '../dom.js';
import {eventTable} from '../event-table.js';
import type {PageContext, PageView} from '../page.js';

const step = 25;

export const createEventsPage = (context: PageContext): PageView => {
  let limit = step;
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter by name',
    'aria-label': 'Filter by name',
    autocomplete: 'off',
    oninput: () => void view.refresh(),
  });
  const total = h('p', {class: 'hint', role: 'status'});
  const more = h(
    'button',
    {
      type: 'button',
      hidden: true,
      onclick: () => {
        limit += step;
        void view.refresh();
      },
    },
    'Show more',
  );
  const table = eventTable(
    context,
    'Events',
    'No events found. Send an event, or clear the filter.',
    true,
  );
  let latest = 0;
  const view: PageView = {
    title: 'Events',
    content: h(
      'div',
      {},
      h('div', {class: 'toolbar'}, filter, total),
      table.element,
      more,
      context.session.permissions.emit && createEventForm(context, () => view.refresh()),
    ),
    async refresh() {
      const current = ++latest;
      const query = new URLSearchParams({limit: String(limit), event: filter.value.trim()});
      const data = await context.request<EventsAnswer>(`/data/events?${query.toString()}`);
      // If several requests are pending, only the response to the latest one is used.
      if (current !== latest) return;
      table.update(data.records);
      more.hidden = data.records.length >= data.total;
      const text = `${data.records.length} of ${data.total}`;
      if (total.textContent !== text) total.textContent = text;
    },
  };
  return view;
};

/** Creates the form for events of the resource, in a resource session. */
const createEventForm = (context: PageContext, onSent: () => Promise<void>): HTMLElement => {
  const name = h('input', {
    name: 'event',
    required: true,
    maxlength: '120',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
  });
  const email = h('input', {name: 'email', type: 'email', required: true, autocomplete: 'off'});
  const problem = h('p', {class: 'problem', role: 'alert'});
  const send = async (): Promise<void> => {
    problem.textContent = '';
    await context.request('/data/events', {
      method: 'POST',
      body: {event: name.value, payload: {email: email.value}},
    });
    form.reset();
    await onSent();
  };
  const form = h(
    'form',
    {
      class: 'card form',
      onsubmit: submitted => {
        submitted.preventDefault();
        send().catch((error: unknown) => {
          problem.textContent =
            error instanceof RequestError ? error.message : 'The event could not be sent.';
        });
      },
    },
    field('Event name', name),
    field('Email', email),
    h('div', {class: 'form-end'}, h('button', {class: 'primary'}, 'Send event'), problem),
  );
  return h('section', {}, h('h2', {}, 'Send an event'), form);
};
