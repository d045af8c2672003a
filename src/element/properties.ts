import type {PropertyDeclarations} from 'lit';
import {declaration, DEFAULTS, flag, number, text} from './attributes.js';

/** The properties of the element, with their attributes. The test double uses them without Lit. */
export const PROPERTIES: PropertyDeclarations = {
  launchUrl: text('launch-url'),
  sessionId: text('session-id'),
  tokenEndpoint: text('token-endpoint'),
  refreshEndpoint: text('refresh-endpoint'),
  embedOrigin: text('embed-origin'),
  launchPage: text('launch-page'),
  subject: text('subject'),
  minHeight: number('min-height', DEFAULTS.minHeight),
  maxHeight: number('max-height', DEFAULTS.maxHeight),
  fit: text('fit', DEFAULTS.fit),
  frameTitle: text('frame-title', DEFAULTS.frameTitle),
  loading: text('loading', DEFAULTS.loading),
  credentials: declaration({...text('credentials'), noAccessor: true}),
  csrfMeta: text('csrf-meta'),
  csrfCookie: text('csrf-cookie'),
  csrfHeader: text('csrf-header', DEFAULTS.csrfHeader),
  sandbox: text('sandbox'),
  allow: text('allow'),
  readyTimeout: number('ready-timeout', DEFAULTS.readyTimeout),
  debug: flag('debug'),
  deferHydration: flag('defer-hydration'),
  requestHeaders: declaration({attribute: false}),
  sessionProvider: declaration({attribute: false}),
};
