import {embedDashboard} from '@superset-ui/embedded-sdk';

/* A page that gives a frame its guest token by Superset's SDK, which reads when the token ends. */
const GUEST_TOKEN = `e30.${btoa('{"exp": 4102444800}')}.`;

Object.assign(globalThis, {
  superset: (endpoint: string, supersetDomain: string, latency: string) =>
    embedDashboard({
      id: 'dashboard',
      supersetDomain,
      mountPoint: document.querySelector<HTMLElement>('#mount')!,
      fetchGuestToken: async () => {
        const response = await fetch(endpoint, {method: 'POST', body: '{}'});
        await response.json();
        return GUEST_TOKEN;
      },
      dashboardUiConfig: {urlParams: {latency}},
    }),
});
