import type {DashboardAnswer} from '../../embed-data-api.js';
import {h, svg} from '../dom.js';
import {eventTable} from '../event-table.js';
import type {PageContext, PageView} from '../page.js';

export const createDashboardPage = (context: PageContext): PageView => {
  const tiles = h('div', {class: 'tiles'});
  const chart = h('div', {class: 'card chart-card'});
  const withDetail = context.session.permissions.pages.includes('events');
  const recent = eventTable(context, 'Latest activity', 'There are no events yet.', withDetail);
  const content = h(
    'div',
    {},
    tiles,
    h('h2', {}, 'Last 12 hours'),
    chart,
    h('h2', {}, 'Latest activity'),
    recent.element,
  );
  return {
    title: 'Dashboard',
    content,
    async refresh() {
      const data = await context.request<DashboardAnswer>('/data/dashboard');
      const rate = data.success_rate === null ? '–' : `${Math.round(data.success_rate * 100)} %`;
      tiles.replaceChildren(
        tile('Received', String(data.events_last_day), 'in the last 24 hours'),
        tile('Deliveries', String(data.deliveries_last_day), 'to your destinations'),
        tile('Successful', rate, 'of finished deliveries'),
        tile('Active rules', String(data.active_rules), 'route your events'),
      );
      chart.replaceChildren(barChart(data.hours));
      recent.update(data.recent);
    },
  };
};

const tile = (name: string, value: string, about: string): HTMLElement =>
  h(
    'div',
    {class: 'card tile'},
    h('p', {class: 'tile-name'}, name),
    h('p', {class: 'tile-value'}, value),
    h('p', {class: 'tile-about'}, about),
  );

const barChart = (hours: DashboardAnswer['hours']): SVGElement => {
  const highest = Math.max(1, ...hours.map(({count}) => count));
  const summary = hours.map(({count}) => count).join(', ');
  return svg(
    'svg',
    {
      viewBox: '0 0 240 64',
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Received per hour, oldest first: ${summary}`,
    },
    ...hours.map(({count}, index) => {
      const height = Math.max(1.5, (count / highest) * 60);
      return svg('rect', {
        x: String(index * 20 + 2),
        y: String(64 - height),
        width: '16',
        height: String(height),
        rx: '2',
      });
    }),
  );
};
