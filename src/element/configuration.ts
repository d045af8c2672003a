import {MeshesError, type MeshesErrorCode} from '../errors.js';
import {isSecureUrl, launchOrigin, parseOrigins, parseUrl} from '../frame/launch-url.js';
import {type Endpoints, fillSessionId, noSource} from '../session/token-source.js';
import {DEFAULTS} from './attributes.js';
import {isHeight, LAUNCH_PAGES, type Settings} from './settings.js';

const CREDENTIALS = ['same-origin', 'include', 'omit'];

export interface PageFacts {
  baseUrl: string;
  origin: string;
}

/** Settings that have been found to make sense. */
export interface Configuration {
  launch: {url: string; sessionId: string | null} | null;
  endpoints: Endpoints;
  pinned: readonly string[];
  readyTimeoutMs: number;
}

/** A configuration to fail with: nothing is asked and nothing is launched. */
export const NOTHING: Configuration = {
  launch: null,
  endpoints: {token: null, refresh: null, credentials: 'same-origin'},
  pinned: [],
  readyTimeoutMs: DEFAULTS.readyTimeout,
};

/**
 * Judges the settings of an element, all of them, before anything is asked or loaded.
 *
 * @throws MeshesError of phase `config`
 */
export function configure(settings: Settings, page: PageFacts): Configuration {
  oneOf('launch-page', settings.launchPage, LAUNCH_PAGES);
  oneOf('credentials', settings.credentials, CREDENTIALS);
  oneOf('fit', settings.fit, ['content', 'fill']);
  oneOf('loading', settings.loading, ['eager', 'lazy']);
  pixels('min-height', settings.minHeight);
  pixels('max-height', settings.maxHeight);
  if (!(settings.readyTimeout > 0 && settings.readyTimeout < Infinity)) {
    throw invalid('ready-timeout has to be a number of milliseconds above 0.');
  }
  const pinned = parseOrigins(settings.embedOrigin ?? '');
  if (!pinned) {
    throw invalid(
      'embed-origin has to list origins, separated by spaces: https://embed.meshes.io.',
    );
  }
  const {tokenEndpoint: token, refreshEndpoint: refresh, hasProvider, launchUrl} = settings;
  // A frame that is launched already can live from a refresh endpoint alone.
  if (!hasProvider && !token && !(refresh && launchUrl && settings.sessionId)) {
    throw noSource('config');
  }
  // Beside a provider too: they take over when it is taken away.
  for (const endpoint of [token, refresh]) if (endpoint) checkEndpoint(endpoint, settings, page);
  const {origin: pageOrigin, baseUrl} = page;
  if (launchUrl) launchOrigin(launchUrl, {pageOrigin, pinned, phase: 'config'});
  return {
    launch: launchUrl ? {url: launchUrl, sessionId: settings.sessionId} : null,
    endpoints: {
      token: token && new URL(token, baseUrl).href,
      refresh,
      credentials: (settings.credentials ?? 'same-origin') as RequestCredentials,
    },
    pinned,
    readyTimeoutMs: settings.readyTimeout,
  };
}

function checkEndpoint(endpoint: string, {credentials}: Settings, page: PageFacts): void {
  // Any id shows what the address will look like.
  const url = parseUrl(fillSessionId(endpoint, 'id', 'config'), page.baseUrl);
  if (!url || !isSecureUrl(url)) {
    throw invalid(
      'token-endpoint and refresh-endpoint have to be https URLs, or paths on an https page (http on localhost).',
      'insecure_url',
    );
  }
  if (url.origin !== page.origin && credentials === null) {
    throw invalid(
      `The endpoint is on another origin, ${url.origin}: set credentials="include" or "omit", for whether cookies go there.`,
      'origin_not_allowed',
    );
  }
}

function oneOf(name: string, value: string | null, allowed: readonly string[]): void {
  if (value !== null && !allowed.includes(value)) {
    throw invalid(`${name} has to be one of ${allowed.join(', ')}.`);
  }
}

function pixels(name: string, value: number): void {
  if (!isHeight(value)) {
    throw invalid(`${name} has to be a number of CSS pixels, without a unit.`);
  }
}

function invalid(message: string, code: MeshesErrorCode = 'config_invalid'): MeshesError {
  return new MeshesError(code, 'config', message);
}

/** The launchable page that a path inside the workspace belongs to: `/workspace/rules/7` is rules. */
export function launchPageOf(path: string): string | null {
  const segments = path.split(/[/?#]/);
  return LAUNCH_PAGES.find(page => segments.includes(page)) ?? null;
}
