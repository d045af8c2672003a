import {MeshesError, type MeshesErrorPhase} from '../errors.js';

/** `localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`: where plain http stays on the machine. */
export function isLoopback(hostname: string): boolean {
  return (
    /^(.+\.)?localhost$/.test(hostname) ||
    hostname === '[::1]' ||
    // The URL parser has already turned 127.1 and 0x7f000001 into four decimal numbers.
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** https, or http on a loopback host; neither user name nor password. */
export function isSecureUrl({protocol, hostname, username, password}: URL): boolean {
  // The protocol first: blob: and filesystem: URLs inherit the origin of a secure page.
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
 * A list of origins as in `embed-origin`, normalised (`https://A.example:443/` is
 * `https://a.example`); null when an entry is no origin.
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

/** Where Meshes serves workspaces. */
const MESHES_ORIGIN = 'https://embed.meshes.io';

export interface LaunchRules {
  /** Origin of the page that embeds. */
  pageOrigin: string;
  /** The only origins allowed, if the page pins them. */
  pinned: readonly string[];
}

/**
 * Parses a launch URL once, without a base URL. The result is what is checked, remembered, and
 * loaded: a text that reads as `https://host/` here and as a path of the page elsewhere
 * (`https:host/`) has only one reading.
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
    // Scripts of its own origin could take the sandbox off the frame.
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
 * Whether the origin of a frame may receive a token, although its launch URL came from the page's
 * markup, where an attacker may have written it. Something else must name the origin.
 *
 * @param answered the origin that came with the token, if one did
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
