import type {AppConfig} from '../embed-pages.js';
import type {SessionAnswer} from '../embed-data-api.js';
import {Access, RequestError} from './access.js';
import {createApp, type App} from './app.js';
import {h} from './dom.js';
import {startHeartbeat} from './heartbeat.js';
import {watchHeight} from './height.js';
import {createHostChannel} from './host-channel.js';

/** Time without `meshes:auth` after which the frame shows a notice. A later `meshes:auth` still works. */
const authNoticeMs = 5000;
/** Time until the next sign-in, after a network failure. */
const signInRetryMs = 500;

const root = document.querySelector<HTMLElement>('#app') ?? document.body;
const config = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name="meshes-config"]')?.content ?? '{}',
) as AppConfig;

// Removes the used launch token from the frame's URL.
history.replaceState(null, '', location.pathname);

let app: App | undefined;

const access = new Access({
  ask: () => channel.post({type: 'meshes:token-refresh'}),
  lost: () => {
    channel.post({type: 'meshes:token-expired'});
    if (app) app.setBanner('Your session has ended. Authentication required to continue.');
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

/** Loads the session and the current page with the new token. `aria-busy` tells assistive technology and tests until when. */
const signIn = async (): Promise<void> => {
  const {token} = access;
  root.ariaBusy = 'true';
  try {
    const session = await access.request<SessionAnswer>('/data/session');
    // A later meshes:auth has started another sign-in.
    if (access.token !== token) return;
    access.schedule(session.expires_in_ms);
    clearTimeout(noticeTimer);
    if (app) {
      app.setBanner(null);
      await app.refresh();
      return;
    }
    app = createApp(root, session, access.request.bind(access), path =>
      channel.post({type: 'meshes:navigate', path}),
    );
    const shown = app.show();
    startHeartbeat(access, session.revision, () => void app?.refresh());
    await shown;
  } finally {
    if (access.token === token) root.ariaBusy = 'false';
  }
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
          ? 'The host page has not sent a valid access token (meshes:auth).'
          : 'This page works only in the frame of a host page, which sends it an access token.',
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
