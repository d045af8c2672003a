import type {ConnectionsAnswer} from '../../embed-data-api.js';
import {chip, createTable, h, timeAgo, type Column} from '../dom.js';
import {hostOriginOf} from '../host-channel.js';
import type {PageContext, PageView} from '../page.js';

type Connection = ConnectionsAnswer['records'][number];
type Provider = ConnectionsAnswer['providers'][number];

export const createConnectionsPage = (context: PageContext): PageView => {
  const {connect, disconnect} = context.session.permissions;
  const {oauth, confirm: asks} = context.session.embed;
  const remove = async (connection: Connection): Promise<void> => {
    // In an iframe without allow-modals in its sandbox, confirm() returns false immediately.
    if (asks && !confirm(`Remove ${connection.name}?`)) {
      context.announce(`${connection.name} was not removed.`);
      return;
    }
    await context.request(`/data/connections/${encodeURIComponent(connection.id)}`, {
      method: 'DELETE',
    });
    context.announce(`${connection.name} was removed.`);
    await view.refresh();
  };
  const columns: Column<Connection>[] = [
    {name: 'Name', cell: ({name}) => h('strong', {}, name)},
    {name: 'Provider', cell: ({provider}) => provider},
    {
      name: 'Status',
      cell: ({active, inactive_reason}) =>
        active ? chip('good', 'Active') : chip('bad', reasonText(inactive_reason)),
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
  const table = createTable('Connections', columns, 'There are no connections yet.');

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

  /** Redirects the whole page. Requires allow-top-navigation-by-user-activation in the sandbox of the iframe. */
  const redirectPage = (path: string): void => {
    const url = new URL(path, location.href);
    const host = hostOriginOf();
    if (host !== null) url.searchParams.set('return', host);
    try {
      window.top!.location.href = url.href;
    } catch {
      context.announce('The host page does not allow this frame to open the sign-in page.');
    }
  };

  const openConsent = (provider: Provider): void => {
    // A ticket is valid for one decision. The map has the latest one, so the button need not change.
    const path = connectPaths.get(provider.key) ?? provider.connect_path;
    if (oauth === 'redirect') {
      redirectPage(path);
      return;
    }
    const opened = window.open(path, '_blank', 'popup,width=520,height=640');
    context.announce(
      opened
        ? `Continue in the window of ${provider.name}. The connection appears here afterwards.`
        : 'The browser has blocked the window. Allow pop-ups for this page, then try again.',
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
        : h('p', {class: 'hint'}, 'Your role can view connections, but cannot add any.'),
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

/** Returns why a connection is inactive. */
const reasonText = (reason: Connection['inactive_reason']): string =>
  ({
    authentication_invalid: 'Credentials refused',
    oauth_authorization_revoked: 'Access revoked',
    oauth_reauthorization_required: 'Sign in again',
    manually_inactivated: 'Paused',
  })[reason ?? 'manually_inactivated'];
