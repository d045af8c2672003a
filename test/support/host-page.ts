import {pageUrl} from './endpoint.js';
import {arrival, arrivals} from './attackers.js';

/** What `test/fixtures/host-page.ts` told of its workspace. */
export interface HostEvent {
  fixture: 'host';
  type: string;
  detail: Record<string, unknown>;
}

export interface HostPageOptions {
  headers?: Record<string, string>;
  /** `launch-url`, `ready-timeout` of its workspace. */
  settings?: Record<string, string>;
}

/** Address of a page of this origin with a workspace in it. */
export function hostPageUrl({headers = {}, settings = {}}: HostPageOptions = {}): string {
  const script = `/test/fixtures/host-page.ts?${new URLSearchParams(settings)}`;
  return pageUrl({headers, scripts: [script]});
}

/** What one such page tells, by the window it is in. */
export function hostEvents(source: () => Window | null) {
  const isHost = ({data}: {data: unknown}) => (data as HostEvent | null)?.fixture === 'host';
  const list = () =>
    arrivals
      .filter(arrived => isHost(arrived) && arrived.source === source())
      .map(({data}) => data as HostEvent);
  return {
    list,
    event: async (type: string, fits: (detail: HostEvent['detail']) => boolean = () => true) => {
      const {data} = await arrival(arrived => {
        if (!isHost(arrived) || arrived.source !== source()) return false;
        const event = arrived.data as HostEvent;
        return event.type === type && fits(event.detail);
      });
      return (data as HostEvent).detail;
    },
  };
}

const shown = new Set<HTMLIFrameElement>();

/** Shows such a page in a frame. */
export function showHostPage(options: HostPageOptions = {}) {
  const frame = document.createElement('iframe');
  frame.src = hostPageUrl(options);
  document.body.append(frame);
  shown.add(frame);
  return hostEvents(() => frame.contentWindow);
}

/** Call it after each test. */
export function removeHostPages(): void {
  for (const frame of shown) frame.remove();
  shown.clear();
}
