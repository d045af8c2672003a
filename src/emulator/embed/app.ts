import type {SessionAnswer} from '../embed-data-api.js';
import {h, updateTimes} from './dom.js';
import type {PageContext, PageView} from './page.js';
import {createConnectionsPage} from './pages/connections.js';
import {createDashboardPage} from './pages/dashboard.js';
import {createEventDetailPage} from './pages/event-detail.js';
import {createEventsPage} from './pages/events.js';
import {createMappingsPage} from './pages/mappings.js';
import {createRulesPage} from './pages/rules.js';

const names: Record<string, string> = {
  dashboard: 'Dashboard',
  connections: 'Connections',
  mappings: 'Mappings',
  rules: 'Rules',
  events: 'Events',
};

const factories: Record<string, (context: PageContext) => PageView> = {
  dashboard: createDashboardPage,
  connections: createConnectionsPage,
  mappings: createMappingsPage,
  rules: createRulesPage,
  events: createEventsPage,
};

/** Maximum time for which the previous page stays while the next one loads. */
const patienceMs = 400;

export interface App {
  /** Shows the page of the current address. Resolves when its data have arrived, or an error is shown. */
  show(options?: {focus?: boolean}): Promise<void>;
  /** Fetches the data of the current page again. */
  refresh(): Promise<void>;
  /** Shows a line above the page, until it is called with `null`. */
  setBanner(message: string | null): void;
}

/** Creates the app, which is shown when the frame is signed in. */
export const createApp = (
  root: HTMLElement,
  session: SessionAnswer,
  request: PageContext['request'],
  onNavigate: (path: string) => void,
): App => {
  const heading = h('h1', {tabindex: '-1'});
  const main = h('main', {});
  const banner = h('div', {class: 'banner', role: 'alert', hidden: true});
  const toast = h('div', {class: 'toast', role: 'status'});
  const links = new Map(
    session.permissions.pages.map(page => [
      page,
      h('a', {href: `/workspace/${page}`, 'data-app-link': true}, names[page] ?? page),
    ]),
  );
  let view: PageView | undefined;

  const navigate = (path: string): void => {
    if (path !== location.pathname) history.pushState(null, '', path);
    void show({focus: true});
    onNavigate(path);
  };

  const context: PageContext = {
    session,
    request,
    navigate,
    announce(message, undo) {
      toast.replaceChildren(
        h('span', {}, message),
        undo
          ? h(
              'button',
              {
                type: 'button',
                class: 'subtle',
                onclick: () => {
                  toast.replaceChildren();
                  undo().catch(showProblem);
                },
              },
              'Undo',
            )
          : '',
      );
    },
  };

  const show = async ({focus = false} = {}): Promise<void> => {
    const [, , page = '', id] = location.pathname.split('/');
    for (const [name, link] of links) {
      if (name === page) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    toast.replaceChildren();
    main.setAttribute('aria-busy', 'true');
    const next = createView(page, id);
    view = next;
    const draw = (): void => {
      if (view !== next || main.contains(next.content)) return;
      heading.textContent = next.title;
      document.title = `${next.title} · Meshes`;
      main.replaceChildren(heading, next.content);
      // Only after a navigation by the user: a frame must not take the focus when it loads.
      if (focus) heading.focus({preventScroll: true});
    };
    // The previous page stays until the data have arrived, so that the height does not change twice.
    const patience = setTimeout(draw, patienceMs);
    await refresh();
    clearTimeout(patience);
    draw();
  };

  const createView = (page: string, id: string | undefined): PageView => {
    const isIncluded = session.permissions.pages.some(name => name === page);
    if (isIncluded && page === 'events' && id) {
      return createEventDetailPage(context, decodeURIComponent(id));
    }
    const factory = id ? undefined : factories[page];
    if (isIncluded && factory) return factory(context);
    const content = h(
      'p',
      {class: 'hint'},
      `A session of type ${session.session_type} does not include this page.`,
    );
    return {title: 'Not available', content, refresh: () => Promise.resolve()};
  };

  const showProblem = (error: unknown): void => {
    const message = error instanceof Error ? error.message : 'The page could not be loaded.';
    toast.replaceChildren(
      h('span', {class: 'problem'}, message),
      h(
        'button',
        {
          type: 'button',
          class: 'subtle',
          onclick: () => {
            toast.replaceChildren();
            void refresh();
          },
        },
        'Try again',
      ),
    );
  };

  /** Refreshes the page, and shows errors. Never rejects. */
  const refresh = async (): Promise<void> => {
    const current = view;
    try {
      await current?.refresh();
    } catch (error) {
      if (current === view) showProblem(error);
    }
    if (current === view) main.setAttribute('aria-busy', 'false');
  };

  const about = [
    session.role,
    session.session_type === 'resource'
      ? `${session.resource ?? ''} / ${session.resource_id ?? ''}`
      : session.session_type === 'dashboard'
        ? 'read only'
        : '',
  ].filter(Boolean);

  root.replaceChildren(
    h(
      'header',
      {class: 'top'},
      h(
        'div',
        {class: 'workspace'},
        h('span', {class: 'mark', 'aria-hidden': 'true'}),
        h('strong', {}, session.workspace.name),
        ...about.map(text => h('span', {class: 'tag'}, text)),
      ),
      h('nav', {'aria-label': 'Workspace'}, ...links.values()),
    ),
    banner,
    toast,
    main,
  );

  root.addEventListener('click', event => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-app-link]');
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(link.pathname);
  });
  // Shows errors of actions that the page has not handled itself.
  window.addEventListener('unhandledrejection', event => {
    event.preventDefault();
    showProblem(event.reason);
  });
  window.addEventListener('popstate', () => {
    void show({focus: true});
    onNavigate(location.pathname);
  });
  setInterval(() => updateTimes(root), 15_000);

  return {
    show,
    refresh,
    setBanner(message) {
      banner.hidden = message === null;
      banner.textContent = message ?? '';
    },
  };
};
