import type {EventAnswer, PayloadAnswer} from '../../embed-data-api.js';
import {chip, h, timeAgo} from '../dom.js';
import {resourceText} from '../event-table.js';
import type {PageContext, PageView} from '../page.js';
import {providerLabel} from './connections.js';

type Delivery = EventAnswer['deliveries'][number];

export const createEventDetailPage = (context: PageContext, id: string): PageView => {
  const path = `/data/events/${encodeURIComponent(id)}`;
  const facts = h('dl', {class: 'card facts'});
  const deliveries = h('div', {class: 'deliveries'});
  const payload = h('div', {});
  let shown = '';
  let payloadShown = false;

  const showPayload = async (): Promise<void> => {
    if (payloadShown) return;
    payloadShown = true;
    if (!context.session.permissions.readPayload) {
      payload.replaceChildren(
        h('p', {class: 'hint'}, 'This session may not read payloads (scope events.payload:read).'),
      );
      return;
    }
    const answer = await context.request<PayloadAnswer>(`${path}/payload`);
    payload.replaceChildren(
      h(
        'pre',
        {class: 'card payload', tabindex: '0', role: 'region', 'aria-label': 'Payload'},
        JSON.stringify(answer.payload, null, 2),
      ),
    );
  };

  return {
    title: 'Event detail',
    content: h(
      'div',
      {},
      facts,
      h('h2', {}, 'Deliveries'),
      deliveries,
      h('h2', {}, 'Payload'),
      payload,
    ),
    async refresh() {
      const data = await context.request<EventAnswer>(path);
      const json = JSON.stringify(data);
      if (json !== shown) {
        shown = json;
        facts.replaceChildren(
          ...fact('Name', h('code', {}, data.event.event)),
          ...fact('Received', timeAgo(data.event.created_at)),
          ...fact('Resource', resourceText(data.event.resource, data.event.resource_id)),
          ...fact('Id', h('code', {}, data.event.id)),
        );
        deliveries.replaceChildren(
          ...(data.deliveries.length === 0
            ? [h('p', {class: 'hint'}, 'No rule matched: nothing was delivered.')]
            : data.deliveries.map(deliveryCard)),
        );
      }
      await showPayload();
    },
  };
};

const fact = (name: string, value: Node | string): HTMLElement[] => [
  h('dt', {}, name),
  h('dd', {}, value),
];

const statusChip = (status: Delivery['status']): HTMLElement =>
  ({
    pending: () => chip('busy', 'Pending'),
    retrying: () => chip('busy', 'Retrying'),
    succeeded: () => chip('good', 'Succeeded'),
    failed: () => chip('bad', 'Failed'),
  })[status]();

const deliveryCard = (delivery: Delivery): HTMLElement =>
  h(
    'section',
    {class: 'card delivery'},
    h(
      'header',
      {},
      h('h3', {}, delivery.connection),
      statusChip(delivery.status),
      h('p', {}, `${providerLabel(delivery.provider)}, by the rule “${delivery.rule}”`),
    ),
    delivery.attempts.length > 0 &&
      h(
        'ol',
        {},
        ...delivery.attempts.map(attempt =>
          h(
            'li',
            {class: `attempt attempt-${attempt.outcome}`},
            h('span', {}, `Attempt ${attempt.number}`),
            h('code', {}, String(attempt.status)),
            h('span', {}, attempt.message),
            timeAgo(attempt.at),
          ),
        ),
      ),
  );
