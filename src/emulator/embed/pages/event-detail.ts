import type {EventAnswer, PayloadAnswer} from '../../embed-data-api.js';
import {chip, h, replaceChanged, timeAgo} from '../dom.js';
import {resourceText} from '../event-table.js';
import type {PageContext, PageView} from '../page.js';

type Delivery = EventAnswer['deliveries'][number];

export const createEventDetailPage = (context: PageContext, id: string): PageView => {
  const path = `/data/events/${encodeURIComponent(id)}`;
  const facts = h('dl', {class: 'card facts'});
  const deliveries = h('div', {class: 'deliveries'});
  const payload = h('div', {});
  let shown = '';
  /** The card of each delivery, by its JSON. */
  let cards = new Map<string, HTMLElement>();
  let payloadShown = false;

  const showPayload = async (): Promise<void> => {
    if (payloadShown) return;
    payloadShown = true;
    if (!context.session.permissions.readPayload) {
      payload.replaceChildren(
        h(
          'p',
          {class: 'hint'},
          'Payloads are visible with the role admin or owner, and the scope events.payload:read.',
        ),
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

  /** Retries or cancels one delivery, and shows the result. */
  const act = context.session.permissions.retry
    ? async (delivery: Delivery, action: 'retry' | 'cancel'): Promise<void> => {
        await context.request(`${path}/rules/${encodeURIComponent(delivery.rule)}/${action}`, {
          method: 'POST',
        });
        await view.refresh();
      }
    : undefined;

  const view: PageView = {
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
          ...fact('Status', statusText(data.event.status)),
          ...fact('ID', h('code', {}, data.event.id)),
        );
        const nothing = h('p', {class: 'hint'}, 'No rule matched, so nothing was delivered.');
        const known = cards;
        cards = new Map(
          data.deliveries.map(delivery => {
            const key = JSON.stringify(delivery);
            return [key, known.get(key) ?? deliveryCard(delivery, act)];
          }),
        );
        replaceChanged(deliveries, cards.size === 0 ? [nothing] : [...cards.values()]);
      }
      await showPayload();
    },
  };
  return view;
};

const fact = (name: string, value: Node | string): HTMLElement[] => [
  h('dt', {}, name),
  h('dd', {}, value),
];

const tones = {
  pending: 'busy',
  processing: 'busy',
  retrying: 'busy',
  completed: 'good',
  failed: 'bad',
  canceled: 'calm',
} as const;

const statusText = (status: Delivery['status']): string =>
  status.charAt(0).toUpperCase() + status.slice(1);

type Act = (delivery: Delivery, action: 'retry' | 'cancel') => Promise<void>;

const deliveryCard = (delivery: Delivery, act: Act | undefined): HTMLElement =>
  h(
    'section',
    {class: 'card delivery'},
    h(
      'header',
      {},
      h('h3', {}, delivery.connection_name),
      chip(tones[delivery.status], statusText(delivery.status)),
      h('p', {}, `${delivery.provider}, by the rule “${delivery.rule_name}”`),
    ),
    delivery.attempts.length > 0 &&
      h(
        'ol',
        {},
        ...delivery.attempts.map(attempt =>
          h(
            'li',
            {
              class: `attempt attempt-${attempt.outcome_code === 'delivered' ? 'succeeded' : 'failed'}`,
            },
            h('span', {}, `Attempt ${attempt.attempt}`),
            h('code', {}, String(attempt.status_code ?? attempt.outcome_code)),
            h('span', {}, attempt.message),
            timeAgo(attempt.completed_at),
          ),
        ),
      ),
    act && actionsOf(delivery, act),
  );

const actionsOf = (delivery: Delivery, act: Act): HTMLElement | undefined => {
  const button = (action: 'retry' | 'cancel', label: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'subtle',
        'aria-label': `${label} the delivery to ${delivery.connection_name}`,
        onclick: () => void act(delivery, action),
      },
      label,
    );
  switch (delivery.status) {
    case 'failed':
      return button('retry', 'Retry');
    case 'retrying':
      return h('div', {class: 'toolbar'}, button('retry', 'Retry'), button('cancel', 'Cancel'));
    case 'pending':
    case 'processing':
      return button('cancel', 'Cancel');
    default:
      return undefined;
  }
};
