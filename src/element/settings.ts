import type {SessionProvider} from '../session/token-source.js';
import {DEFAULTS, normalizeText, numberOr} from './attributes.js';
import type {HeightLimits} from './frame-height.js';
import type {FrameSettings} from './frame-view.js';

/** The element's properties, normalized: null or the default if they are not set. */
export interface Settings {
  launchUrl: string | null;
  sessionId: string | null;
  tokenEndpoint: string | null;
  refreshEndpoint: string | null;
  embedOrigin: string | null;
  /** Null if it is not set. Required for a cross-origin endpoint. */
  credentials: string | null;
  sandbox: string | null;
  allow: string | null;
  launchPage: string | null;
  subject: string | null;
  fit: string;
  frameTitle: string;
  loading: string;
  minHeight: number;
  maxHeight: number;
  readyTimeout: number;
  hasProvider: boolean;
}

type RawValues<Key extends keyof Settings> = Record<Key, string | number | null | undefined>;

/** Reads the properties of an element. Frameworks can set them to values of any type. */
export function readSettings(
  element: RawValues<Exclude<keyof Settings, 'credentials' | 'hasProvider'>> & {
    sessionProvider: SessionProvider | null | undefined;
  },
  credentials: string | null,
): Settings {
  return {
    launchUrl: normalizeText(element.launchUrl),
    sessionId: normalizeText(element.sessionId),
    tokenEndpoint: normalizeText(element.tokenEndpoint),
    refreshEndpoint: normalizeText(element.refreshEndpoint),
    embedOrigin: normalizeText(element.embedOrigin),
    credentials,
    sandbox: normalizeText(element.sandbox),
    allow: normalizeText(element.allow),
    launchPage: normalizeText(element.launchPage),
    subject: normalizeText(element.subject),
    fit: normalizeText(element.fit) ?? DEFAULTS.fit,
    frameTitle: normalizeText(element.frameTitle) ?? DEFAULTS.frameTitle,
    loading: normalizeText(element.loading) ?? DEFAULTS.loading,
    minHeight: numberOr(DEFAULTS.minHeight, element.minHeight),
    maxHeight: numberOr(DEFAULTS.maxHeight, element.maxHeight),
    readyTimeout: numberOr(DEFAULTS.readyTimeout, element.readyTimeout),
    hasProvider: !!element.sessionProvider,
  };
}

/**
 * Returns a text that changes whenever a session must restart. After an invalid configuration, a change of any setting must start
 * one.
 */
export function restartKey(settings: Settings, misconfigured: boolean): string {
  // These take effect without a restart. A change of launchPage restarts only if the frame shows another page.
  const {
    launchPage,
    fit,
    frameTitle,
    loading,
    minHeight,
    maxHeight,
    readyTimeout,
    hasProvider,
    ...others
  } = settings;
  return JSON.stringify(misconfigured ? settings : others);
}

export function isHeight(value: number): boolean {
  return value >= 0 && value < Infinity;
}

/** Returns the settings of the iframe. An invalid height has no effect here: it is an error when the next session starts. */
export function frameSettingsOf(settings: Settings): FrameSettings {
  const {frameTitle, sandbox, allow, fit, minHeight, maxHeight} = settings;
  const limits: HeightLimits = {
    min: isHeight(minHeight) ? minHeight : DEFAULTS.minHeight,
    max: isHeight(maxHeight) ? maxHeight : DEFAULTS.maxHeight,
  };
  return {title: frameTitle, sandbox, allow, limits, fills: fit === 'fill'};
}
