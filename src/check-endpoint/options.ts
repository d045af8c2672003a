import {parseArgs, type ParseArgsConfig} from 'node:util';
import type {CsrfSource} from './csrf.js';
import type {Settings} from './settings.js';

/** An error in the arguments of the command. The message contains no value, because values can be secrets. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CheckCommand {
  settings: Settings;
  json: boolean;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_BURST = 1000;

export const USAGE = `Usage: npx meshes-workspace check-endpoint URL [options]

Checks a session endpoint as a browser and an attacker would. The application
must be running. Sessions that the check creates are ended by --sign-out.

The user and the page
  --cookie "NAME=VALUE"        cookies of a signed-in user
  --other-cookie "NAME=VALUE"  cookies of another signed-in user
  --header "NAME: VALUE"       sent with each request. Repeatable. Without
                               --cookie, the headers identify the user
  --origin ORIGIN              origin of the host page; default: that of URL

CSRF layer of the framework
  --csrf-meta NAME             name of the <meta> with the token; needs --page
  --csrf-cookie NAME           name of the cookie with the token
  --csrf-header NAME           header for the token; default: X-CSRF-Token
  --page URL                   page of the application with the <meta> or cookie

More checks
  --refresh-endpoint URL       if refreshes have another URL. {session_id} in
                               its path is replaced
  --sign-out URL               route that ends a session
  --embed-origin ORIGIN        allowed origin of the launch URL. Repeatable
  --old-session-id ID          a session_id of --cookie, older than 12 hours
  --changed-session-id ID      a session_id of --cookie, from before a change
                               of the user's rights
  --burst N                    sends N refreshes, to provoke a rate limit

Output
  --json                       prints JSON
  --timeout MS                 timeout of each request; default: 10000
  --help                       prints this text

Exit code: 0 if no check failed (warnings and unknown do not fail), 1 if a check
failed, 2 if an argument is invalid or no server responds at URL.
`;

const OPTIONS = {
  cookie: {type: 'string', multiple: true},
  'other-cookie': {type: 'string', multiple: true},
  header: {type: 'string', multiple: true},
  origin: {type: 'string'},
  'csrf-meta': {type: 'string'},
  'csrf-cookie': {type: 'string'},
  'csrf-header': {type: 'string'},
  page: {type: 'string'},
  'refresh-endpoint': {type: 'string'},
  'sign-out': {type: 'string'},
  'embed-origin': {type: 'string', multiple: true},
  'old-session-id': {type: 'string'},
  'changed-session-id': {type: 'string'},
  burst: {type: 'string'},
  json: {type: 'boolean'},
  timeout: {type: 'string'},
  help: {type: 'boolean', short: 'h'},
} as const satisfies ParseArgsConfig['options'];

/** Headers that the check sets itself. */
const RESERVED =
  /^(cookie|host|origin|content-.*|sec-.*|connection|transfer-encoding|accept|x-forwarded-.*)$/i;

/**
 * Reads the arguments. Returns undefined for `--help`.
 *
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): CheckCommand | undefined {
  const {values, positionals} = parse(args);
  if (values.help) return undefined;
  const [address, ...rest] = positionals;
  if (address === undefined)
    throw new UsageError('The URL of the endpoint is missing. Pass it as the first argument.');
  if (rest.length > 0)
    throw new UsageError('Pass only one URL. Put values with spaces into quotes.');
  const endpoint = urlOf('URL', address);
  const optionalUrl = (name: 'refresh-endpoint' | 'sign-out' | 'page') =>
    values[name] === undefined ? undefined : urlOf(`--${name}`, values[name], endpoint);
  if (values['other-cookie'] && !values.cookie) {
    throw new UsageError('--other-cookie requires --cookie, the cookies of the first user.');
  }
  return {
    json: values.json ?? false,
    settings: {
      endpoint,
      refreshEndpoint: optionalUrl('refresh-endpoint'),
      signOut: optionalUrl('sign-out'),
      origin: values.origin === undefined ? endpoint.origin : originOf('--origin', values.origin),
      embedOrigins: (values['embed-origin'] ?? []).map(value => originOf('--embed-origin', value)),
      cookie: cookieOf('--cookie', values.cookie),
      otherCookie: cookieOf('--other-cookie', values['other-cookie']),
      headers: headersOf(values.header ?? []),
      csrf: csrfOf(values, optionalUrl('page')),
      oldSessionId: values['old-session-id'],
      changedSessionId: values['changed-session-id'],
      burst: numberOf('--burst', values.burst, 0, 0, MAX_BURST),
      timeoutMs: numberOf('--timeout', values.timeout, DEFAULT_TIMEOUT_MS, 100, 120_000),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({args: [...args], options: OPTIONS, allowPositionals: true, strict: true});
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    // Node quotes the name of the option and, for an unknown option, a part of its value.
    const name = /'(?:-\w, )?(-{1,2}[\w-]{1,40})/.exec(message)?.[1] ?? 'an option';
    throw new UsageError(
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
        ? `${name} is not an option. For all options, see --help.`
        : `The value of ${name} is missing or invalid. If the value starts with a dash, write ${name}=VALUE.`,
    );
  }
}

function urlOf(name: string, value: string, base?: URL): URL {
  const isRelative = base !== undefined && value.startsWith('/');
  const url = URL.canParse(value) ? new URL(value) : isRelative ? new URL(value, base) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${name} must be a URL that starts with https:// or http://.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(`${name} must not contain a user name. Use --header "Authorization: …".`);
  }
  return url;
}

function originOf(name: string, value: string): string {
  if (URL.canParse(value) && new URL(value).origin === value) return value;
  throw new UsageError(`${name} must be an origin, such as https://app.example.com.`);
}

function cookieOf(name: string, values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return undefined;
  const text = values.join('; ');
  if (/^[^=;\s]+=[\x20-\x7e]*$/.test(text)) return text;
  throw new UsageError(`${name} must have the form NAME=VALUE, or NAME=VALUE; NAME=VALUE.`);
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map(line => {
      const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):\s*([\x20-\x7e]+)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError('--header must have the form "NAME: VALUE".');
      }
      if (/^cookie$/i.test(name)) throw new UsageError('--header cannot set Cookie. Use --cookie.');
      if (RESERVED.test(name)) {
        throw new UsageError(`--header cannot set ${name}, which the check sets itself.`);
      }
      return [name.toLowerCase(), value];
    }),
  );
}

function csrfOf(
  values: {'csrf-meta'?: string; 'csrf-cookie'?: string; 'csrf-header'?: string; cookie?: string[]},
  page: URL | undefined,
): CsrfSource | undefined {
  const {'csrf-meta': meta, 'csrf-cookie': cookie, 'csrf-header': header = 'X-CSRF-Token'} = values;
  if (meta === undefined && cookie === undefined) {
    if (values['csrf-header'] === undefined && page === undefined) return undefined;
    throw new UsageError('--csrf-header and --page require --csrf-meta or --csrf-cookie.');
  }
  if (meta !== undefined && !page) throw new UsageError('--csrf-meta requires --page.');
  if (!/^[!#$%&'*+.^`|~\w-]+$/.test(header)) {
    throw new UsageError('--csrf-header must be a valid header name.');
  }
  return {meta, cookie, header, page};
}

function numberOf(
  name: string,
  value: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  if (value === undefined) return fallback;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}.`);
}
