import type {ConnectionsAnswer} from '../../embed-data-api.js';
import {chip, createTable, h, timeAgo, type Column} from '../dom.js';
import type {PageContext, PageView} from '../page.js';

type Connection = ConnectionsAnswer['records'][number];
type Provider = ConnectionsAnswer['providers'][number];

export const createConnectionsPage = (context: PageContext): PageView => {
  const {connect, disconnect} = context.session.permissions;
  const remove = async (connection: Connection): Promise<void> => {
    await context.request(`/data/connections/${encodeURIComponent(connection.id)}`, {
      method: 'DELETE',
    });
    context.announce(`${connection.name} was removed.`);
    await view.refresh();
  };
  const columns: Column<Connection>[] = [
    {name: 'Name', cell: ({name}) => h('strong', {}, name)},
    {name: 'Provider', cell: ({provider}) => providerLabel(provider)},
    {
      name: 'Status',
      cell: ({status}) =>
        status === 'active' ? chip('good', 'Active') : chip('bad', 'Needs attention'),
    },
    {name: 'Since', cell: ({created_at}) => timeAgo(created_at)},
  ];
  if (disconnect) {
    columns.push({
      name: 'Actions',
      quiet: true,
      cell: connection =>
        h(
          'button',
          {
            type: 'button',
            class: 'subtle',
            'aria-label': `Remove ${connection.name}`,
            onclick: () => void remove(connection),
          },
          'Remove',
        ),
    });
  }
  const table = createTable('Connections', columns, 'Nothing is connected yet.');

  const choices = h('ul', {class: 'choices'});
  const connectPaths = new Map<string, string>();
  const known = new Set<string>();
  let loaded = false;

  const choice = (provider: Provider): HTMLElement =>
    h(
      'li',
      {class: 'card choice'},
      h('div', {}, h('strong', {}, provider.name), h('p', {}, provider.about)),
      h(
        'button',
        {
          type: 'button',
          'aria-label': `Connect ${provider.name}`,
          onclick: () => openConsent(provider),
        },
        'Connect',
      ),
    );

  const openConsent = (provider: Provider): void => {
    // Each ticket serves one decision: the latest is in the map, the button stays as it is.
    const path = connectPaths.get(provider.key) ?? provider.connect_path;
    const opened = window.open(path, '_blank', 'popup,width=520,height=640');
    context.announce(
      opened
        ? `Continue in the window of ${provider.name}. The connection appears here afterwards.`
        : 'The browser has blocked the window: allow pop-ups for this page and try again.',
    );
  };

  const view: PageView = {
    title: 'Connections',
    content: h(
      'div',
      {},
      table.element,
      connect
        ? h('section', {}, h('h2', {}, 'Add a connection'), choices)
        : h('p', {class: 'hint'}, 'Your role may look at connections, but not add any.'),
    ),
    async refresh() {
      const data = await context.request<ConnectionsAnswer>('/data/connections');
      const added = data.records.filter(({id}) => !known.has(id));
      if (loaded) for (const {name} of added) context.announce(`${name} is connected.`);
      for (const {id} of added) known.add(id);
      loaded = true;
      table.update(data.records);
      for (const {key, connect_path} of data.providers) connectPaths.set(key, connect_path);
      if (choices.childElementCount !== data.providers.length) {
        choices.replaceChildren(...data.providers.map(choice));
      }
    },
  };
  return view;
};

export const providerLabel = (provider: string): string =>
  provider === 'hubspot' ? 'HubSpot' : provider.charAt(0).toUpperCase() + provider.slice(1);
