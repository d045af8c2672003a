import type {AppConfig} from '../embed-pages.js';
import type {SessionAnswer} from '../embed-data-api.js';
import {Access, RequestError} from './access.js';
import {createApp, type App} from './app.js';
import {h} from './dom.js';
import {startHeartbeat} from './heartbeat.js';
import {watchHeight} from './height.js';
import {createHostChannel} from './host-channel.js';

/** After this time without `meshes:auth` the frame says what it lacks; it goes on listening. */
const authNoticeMs = 5000;
/** Time until the next sign-in, after one whose request was lost. */
const signInRetryMs = 500;

const root = document.querySelector<HTMLElement>('#app') ?? document.body;
const config = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name="meshes-config"]')?.content ?? '{}',
) as AppConfig;

// The launch token is spent; it need not stand in the frame's address any longer.
history.replaceState(null, '', location.pathname);

let app: App | undefined;

const access = new Access({
  ask: () => channel.post({type: 'meshes:token-refresh'}),
  lost: () => {
    channel.post({type: 'meshes:token-expired'});
    if (app) app.setBanner('Your session has ended. Authentication required to go on.');
    else showAuthenticationRequired();
  },
});

const channel = createHostChannel(config.allowedOrigins, token => {
  access.accept(token);
  void trySignIn();
});

const trySignIn = (): Promise<void> =>
  signIn().catch((error: unknown) => {
    if (app) return;
    if (error instanceof RequestError) showAuthenticationRequired();
    // WebKit cancels the request when the page goes to the back/forward cache.
    else setTimeout(() => void trySignIn(), signInRetryMs);
  });

const signIn = async (): Promise<void> => {
  const {token} = access;
  const session = await access.request<SessionAnswer>('/data/session');
  // A later meshes:auth has its own sign-in.
  if (access.token !== token) return;
  access.schedule(session.expires_in_ms);
  clearTimeout(noticeTimer);
  if (app) {
    app.setBanner(null);
    void app.refresh();
    return;
  }
  app = createApp(root, session, access.request.bind(access), path =>
    channel.post({type: 'meshes:navigate', path}),
  );
  app.show();
  startHeartbeat(access, () => void app?.refresh());
};

const showAuthenticationRequired = (): void => {
  root.replaceChildren(
    h(
      'main',
      {class: 'notice'},
      h('h1', {}, 'Authentication required'),
      h(
        'p',
        {},
        channel.embedded
          ? 'The page around this frame has not sent a current access token (meshes:auth).'
          : 'This page is made to be shown inside another page, which signs it in.',
      ),
    ),
  );
};

const noticeTimer = setTimeout(showAuthenticationRequired, channel.embedded ? authNoticeMs : 0);

root.replaceChildren(
  h(
    'div',
    {class: 'skeleton', role: 'status'},
    h('span', {class: 'visually-hidden'}, 'Loading the workspace'),
    ...Array.from({length: 6}, () => h('span', {class: 'bone', 'aria-hidden': 'true'})),
  ),
);
channel.post({type: 'meshes:ready'});
watchHeight(root, height => channel.post({type: 'meshes:resize', height}));
