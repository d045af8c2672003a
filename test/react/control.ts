/** What a test and the React application say to each other over `window`. */

/** The properties of one render; each render writes its provider, headers and callbacks anew. */
export interface Settings {
  /** Shown at all. */
  shown: boolean;
  /** Goes along in the log and in a request header, to tell the renders apart. */
  render: number;
  source: 'endpoints' | 'provider';
  props: {
    className?: string;
    hidden?: boolean;
    debug?: boolean | null;
    minHeight?: number | null;
    launchPage?: 'dashboard' | 'events' | null;
    fit?: 'content' | 'fill';
    subject?: string;
    keep?: boolean | {for?: number; max?: number};
  };
}

export interface LogEntry {
  callback: string;
  render: number;
  detail: Record<string, unknown>;
}

export interface Control {
  readonly log: LogEntry[];
  /** Mounts into an empty page, or hydrates what the server rendered. */
  start(how: 'client' | 'hydrate', settings: Settings): void;
  update(changes: Partial<Settings>): void;
  unmount(): void;
  /** Through the ref. */
  call(method: 'refresh' | 'reload' | 'whenReady'): Promise<void>;
  /** Whether the ref, as effects of the parent saw it, was the element with its methods. */
  readonly refAtMount: boolean;
}

export const initial: Settings = {shown: true, render: 1, source: 'endpoints', props: {}};

declare global {
  interface Window {
    control: Control;
  }
}
