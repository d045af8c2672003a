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
    {name: 'Deliveries', cell: deliverySummary},
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

const deliverySummary = (event: EventSummary): HTMLElement => {
  const {status, total_rules: total, completed_count: done, failed_count: failed} = event;
  if (total === 0) return chip('calm', 'No rule matched');
  if (status === 'failed') return chip('bad', `${failed} of ${total} failed`);
  if (status === 'completed') return chip('good', total === 1 ? 'Delivered' : `${done} delivered`);
  if (status === 'canceled') return chip('calm', 'Canceled');
  return chip('busy', `${done} of ${total} done`);
};
