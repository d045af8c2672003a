import type {SessionProvider} from '../session/token-source.js';
import {DEFAULTS, numberOr, written} from './attributes.js';
import type {HeightLimits} from './frame-height.js';

export const LAUNCH_PAGES = ['dashboard', 'connections', 'rules', 'events'] as const;
export type LaunchPage = (typeof LAUNCH_PAGES)[number];

/** The element's properties as they were written, unset ones as null or their default. */
export interface Settings {
  launchUrl: string | null;
  sessionId: string | null;
  tokenEndpoint: string | null;
  refreshEndpoint: string | null;
  embedOrigin: string | null;
  /** Null where it is not written out, which an endpoint on another origin asks for. */
  credentials: string | null;
  sandbox: string | null;
  allow: string | null;
  launchPage: string | null;
  fit: string;
  loading: string;
  minHeight: number;
  maxHeight: number;
  readyTimeout: number;
  hasProvider: boolean;
}

type Written<Key extends keyof Settings> = Record<Key, string | number | null | undefined>;

/** Reads the properties of an element, which frameworks may have set to anything. */
export function readSettings(
  element: Written<Exclude<keyof Settings, 'credentials' | 'hasProvider'>> & {
    sessionProvider: SessionProvider | null | undefined;
  },
  credentials: string | null,
): Settings {
  return {
    launchUrl: written(element.launchUrl),
    sessionId: written(element.sessionId),
    tokenEndpoint: written(element.tokenEndpoint),
    refreshEndpoint: written(element.refreshEndpoint),
    embedOrigin: written(element.embedOrigin),
    credentials,
    sandbox: written(element.sandbox),
    allow: written(element.allow),
    launchPage: written(element.launchPage),
    fit: written(element.fit) ?? DEFAULTS.fit,
    loading: written(element.loading) ?? DEFAULTS.loading,
    minHeight: numberOr(DEFAULTS.minHeight, element.minHeight),
    maxHeight: numberOr(DEFAULTS.maxHeight, element.maxHeight),
    readyTimeout: numberOr(DEFAULTS.readyTimeout, element.readyTimeout),
    hasProvider: !!element.sessionProvider,
  };
}

/**
 * What a session was started with, to tell a real change from the same value again. Where nothing
 * could start, any change is a reason to look again.
 */
export function restartKey(settings: Settings, misconfigured: boolean): string {
  // These take effect without a restart; launchPage is compared with the page that is shown.
  const {launchPage, fit, loading, minHeight, maxHeight, readyTimeout, hasProvider, ...others} =
    settings;
  return JSON.stringify(misconfigured ? settings : others);
}

export function isHeight(value: number): boolean {
  return value >= 0 && value < Infinity;
}

/** A height that makes no sense is an error when a session starts; while it runs, it changes nothing. */
export function limitsOf({minHeight, maxHeight}: Settings): HeightLimits {
  return {
    min: isHeight(minHeight) ? minHeight : DEFAULTS.minHeight,
    max: isHeight(maxHeight) ? maxHeight : DEFAULTS.maxHeight,
  };
}
