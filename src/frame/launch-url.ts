import {MeshesError, type MeshesErrorPhase} from '../errors.js';

/** Whether a host is loopback: `localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`. Plain http to it stays on the machine. */
export function isLoopback(hostname: string): boolean {
  return (
    /^(.+\.)?localhost$/.test(hostname) ||
    hostname === '[::1]' ||
    // The URL parser has already turned 127.1 and 0x7f000001 into four decimal numbers.
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** Whether a URL has https, or http on a loopback host, and neither a user name nor a password. */
export function isSecureUrl({protocol, hostname, username, password}: URL): boolean {
  // The protocol is checked, and not the origin: blob: and filesystem: URLs inherit the origin of a secure page.
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return safe && !username && !password;
}

export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/**
 * Parses a list of origins, as in `embed-origin`, and normalizes them: `https://A.example:443/` becomes `https://a.example`. Returns
 * null if an entry is not an origin.
 */
export function parseOrigins(list: string): string[] | null {
  const origins: string[] = [];
  for (const entry of list.split(/\s/).filter(Boolean)) {
    const url = parseUrl(entry);
    if (!url || !isSecureUrl(url) || url.pathname !== '/' || url.search || url.hash) return null;
    origins.push(url.origin);
  }
  return origins;
}

/** The origin of workspaces of Meshes. */
const MESHES_ORIGIN = 'https://embed.meshes.io';

export interface LaunchRules {
  /** Origin of the host page. */
  pageOrigin: string;
  /** Origins that `embed-origin` allows; empty if it is not set. */
  pinned: readonly string[];
}

/**
 * Parses a launch URL once, without a base URL. The parsed URL is validated, remembered, and loaded. So a text such as `https:host/`,
 * which is a path of the page with a base URL and another host without one, is read in one way only.
 *
 * @throws MeshesError `insecure_url`, `origin_not_allowed`
 */
export function parseLaunchUrl(
  text: string,
  {pageOrigin, pinned}: LaunchRules,
  phase: MeshesErrorPhase,
): URL {
  const url = parseUrl(text);
  if (!url || !isSecureUrl(url)) {
    throw new MeshesError(
      'insecure_url',
      phase,
      'The launch URL must be an absolute https URL without a user name (http is allowed on localhost).',
    );
  }
  const {origin} = url;
  if (origin === pageOrigin) {
    // Scripts of the page's own origin could remove the sandbox of the frame.
    throw new MeshesError(
      'origin_not_allowed',
      phase,
      `The launch URL is on the origin of this page, ${origin}. Serve the workspace from another host or port.`,
    );
  }
  if (pinned.length > 0 && !pinned.includes(origin)) {
    throw new MeshesError(
      'origin_not_allowed',
      phase,
      `The launch URL is on ${origin}, which embed-origin does not list (${pinned.join(' ')}).`,
    );
  }
  return url;
}

/**
 * Whether the origin of a frame may receive a token, although its launch URL came from the page's markup. An attacker may have written
 * that markup, so the origin must have another confirmation.
 *
 * @param answered the origin that the response named, or null
 */
export function isConfirmed(
  origin: string,
  {pageOrigin, pinned}: LaunchRules,
  answered: string | null,
): boolean {
  return (
    answered === origin ||
    pinned.includes(origin) ||
    origin === MESHES_ORIGIN ||
    // Development on one machine.
    [origin, pageOrigin].every(each => isLoopback(parseUrl(each)?.hostname ?? ''))
  );
}
