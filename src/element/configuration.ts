import {MeshesError, type MeshesErrorCode} from '../errors.js';
import {parseLaunchUrl, parseOrigins} from '../frame/launch-url.js';
import {createEndpoint, type Endpoint} from '../session/endpoint.js';
import {type Endpoints, noSource} from '../session/token-source.js';
import {DEFAULTS} from './attributes.js';
import {isHeight, type Settings} from './settings.js';

const CREDENTIALS = ['same-origin', 'include', 'omit'];

export interface PageFacts {
  baseUrl: string;
  origin: string;
}

/** Valid settings. */
export interface Configuration {
  launch: {url: URL; sessionId: string | null} | null;
  endpoints: Endpoints;
  /** Whether the two endpoints have different origins, and no provider replaces them. */
  separateEndpoints: boolean;
  pinned: readonly string[];
  readyTimeoutMs: number;
}

/** The configuration of a session that fails immediately: it requests and launches nothing. */
export const EMPTY_CONFIGURATION: Configuration = {
  launch: null,
  endpoints: {token: null, refresh: null, credentials: 'same-origin'},
  separateEndpoints: false,
  pinned: [],
  readyTimeoutMs: DEFAULTS.readyTimeout,
};

/**
 * Validates all settings of an element, before anything is requested or loaded.
 *
 * @throws MeshesError of phase `config`
 */
export function configure(settings: Settings, page: PageFacts): Configuration {
  oneOf('credentials', settings.credentials, CREDENTIALS);
  oneOf('fit', settings.fit, ['content', 'fill']);
  oneOf('loading', settings.loading, ['eager', 'lazy']);
  pixels('min-height', settings.minHeight);
  pixels('max-height', settings.maxHeight);
  if (!(settings.readyTimeout > 0 && settings.readyTimeout < Infinity)) {
    throw invalid('ready-timeout must be a number of milliseconds above 0.');
  }
  const pinned = parseOrigins(settings.embedOrigin ?? '');
  if (!pinned) {
    throw invalid(
      'embed-origin must be a list of origins, separated by spaces, such as https://embed.meshes.io.',
    );
  }
  const {tokenEndpoint: token, refreshEndpoint: refresh, hasProvider, launchUrl} = settings;
  // A frame that launch-url starts needs no token-endpoint.
  if (!hasProvider && !token && !(refresh && launchUrl && settings.sessionId)) {
    throw noSource('config');
  }
  // Also with a provider: the endpoints are used when the provider is removed.
  const endpoint = (text: string | null) =>
    text === null ? null : checkedEndpoint(text, settings, page);
  const endpoints = {token: endpoint(token), refresh: endpoint(refresh)};
  return {
    launch: launchUrl
      ? {
          url: parseLaunchUrl(launchUrl, {pageOrigin: page.origin, pinned}, 'config'),
          sessionId: settings.sessionId,
        }
      : null,
    endpoints: {
      ...endpoints,
      credentials: (settings.credentials ?? 'same-origin') as RequestCredentials,
    },
    separateEndpoints:
      !hasProvider &&
      endpoints.token !== null &&
      endpoints.refresh !== null &&
      endpoints.token.origin !== endpoints.refresh.origin,
    pinned,
    readyTimeoutMs: settings.readyTimeout,
  };
}

function checkedEndpoint(text: string, {credentials}: Settings, page: PageFacts): Endpoint {
  const endpoint = createEndpoint(text, page.baseUrl);
  if (endpoint.origin !== page.origin && credentials === null) {
    throw invalid(
      `The endpoint is on another origin, ${endpoint.origin}: set credentials="include" to send cookies to it, or "omit".`,
      'origin_not_allowed',
    );
  }
  return endpoint;
}

function oneOf(name: string, value: string | null, allowed: readonly string[]): void {
  if (value !== null && !allowed.includes(value)) {
    throw invalid(`${name} must be one of ${allowed.join(', ')}.`);
  }
}

function pixels(name: string, value: number): void {
  if (!isHeight(value)) {
    throw invalid(`${name} must be a number of CSS pixels, without a unit.`);
  }
}

function invalid(message: string, code: MeshesErrorCode = 'config_invalid'): MeshesError {
  return new MeshesError(code, 'config', message);
}
