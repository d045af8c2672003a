import type {EventSummary} from '../embed-data-api.js';
import {chip, createTable, h, nothingToSay, timeAgo, type Column, type Table} from './dom.js';
import type {PageContext} from './page.js';

export const eventTable = (
  context: PageContext,
  caption: string,
  empty: string,
  withDetail: boolean,
): Table<EventSummary> => {
  const name = (record: EventSummary): HTMLElement =>
    withDetail
      ? h('a', {href: pathOf(record), 'data-app-link': true}, h('code', {}, record.event))
      : h('code', {}, record.event);
  const columns: Column<EventSummary>[] = [
    {name: 'Name', cell: name},
    {name: 'Received', cell: record => timeAgo(record.created_at)},
    {name: 'Deliveries', cell: record => deliverySummary(record.deliveries)},
  ];
  if (context.session.session_type !== 'resource') {
    columns.splice(1, 0, {
      name: 'Resource',
      cell: record => resourceText(record.resource, record.resource_id),
    });
  }
  if (withDetail) {
    columns.push({
      name: 'Detail',
      quiet: true,
      cell: record =>
        h('a', {href: pathOf(record), 'data-app-link': true, class: 'quiet-link'}, 'Event detail'),
    });
  }
  return createTable(caption, columns, empty);
};

const pathOf = (record: EventSummary): string =>
  `/workspace/events/${encodeURIComponent(record.id)}`;

export const resourceText = (resource: string | null, id?: string | null): string =>
  resource === null ? nothingToSay : id ? `${resource} / ${id}` : resource;

const deliverySummary = ({succeeded, failed, pending}: EventSummary['deliveries']): HTMLElement => {
  const total = succeeded + failed + pending;
  if (total === 0) return chip('calm', 'No rule matched');
  if (pending > 0) return chip('busy', `${succeeded} of ${total} done`);
  if (failed > 0) return chip('bad', `${failed} of ${total} failed`);
  return chip('good', total === 1 ? 'Delivered' : `${total} delivered`);
};
