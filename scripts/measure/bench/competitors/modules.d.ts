/* The little that the bench uses of packages that only the bench installs. */
declare module 'penpal' {
  export class WindowMessenger {
    constructor(options: {remoteWindow: Window; allowedOrigins: string[]});
  }
  export function connect<Remote>(options: {
    messenger: WindowMessenger;
    methods?: Record<string, () => unknown>;
  }): {promise: Promise<Remote>};
}
declare module '@iframe-resizer/parent' {
  const iframeResize: (options: Record<string, unknown>, target: HTMLElement) => unknown;
  export default iframeResize;
}
declare module '@iframe-resizer/child' {}
declare module '@superset-ui/embedded-sdk' {
  export function embedDashboard(options: {
    id: string;
    supersetDomain: string;
    mountPoint: HTMLElement;
    fetchGuestToken: () => Promise<string>;
    dashboardUiConfig?: {urlParams?: Record<string, string>};
  }): Promise<unknown>;
}
