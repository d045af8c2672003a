import type {EmulatorOptions} from './emulator-types.js';

/** The options with their defaults. */
export interface EmulatorSettings {
  readonly port: number;
  readonly embedPort: number;
  readonly host: string;
  /** Origin of launch URLs; `undefined` for the address of the embed app's server. */
  readonly embedUrl: string | undefined;
  readonly stateFile: string | undefined;
  readonly clock: () => number;
}

const DEFAULT_PORT = 4602;
const NAMES: readonly string[] = [
  'port',
  'embedPort',
  'host',
  'embedUrl',
  'stateFile',
  'clock',
] satisfies (keyof EmulatorOptions)[];

/** Thrown for an invalid option. The message starts with the name of the option. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError';
  readonly option: string;
  readonly problem: string;

  constructor(option: string, problem: string) {
    super(`\`${option}\` ${problem}`);
    this.option = option;
    this.problem = problem;
  }
}

/** Validates the options and fills in the defaults. */
export const readOptions = (options: EmulatorOptions): EmulatorSettings => {
  const unknown = Object.keys(options).find(name => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(unknown, `is not an option. Options: ${NAMES.join(', ')}.`);
  }
  const {host = '127.0.0.1', stateFile, clock = Date.now} = options;
  const port = readPort('port', options.port) ?? DEFAULT_PORT;
  const embedPort = readPort('embedPort', options.embedPort) ?? Math.max(0, port - 1);
  if (port !== 0 && port === embedPort) {
    throw new OptionError('embedPort', 'must differ from `port`.');
  }
  requireText('host', host);
  if (stateFile !== undefined) requireText('stateFile', stateFile);
  if (typeof clock !== 'function') {
    throw new OptionError('clock', 'must be a function that returns milliseconds.');
  }
  return {port, embedPort, host, embedUrl: readOrigin(options.embedUrl), stateFile, clock};
};

const readPort = (name: string, port: unknown): number | undefined => {
  if (port === undefined) return undefined;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535)
    return port;
  throw new OptionError(name, 'must be a port number from 0 to 65535.');
};

const requireText = (name: string, value: unknown): void => {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new OptionError(name, 'must be a non-empty string.');
  }
};

const readOrigin = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  const origin = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isOrigin =
    origin && ['http:', 'https:'].includes(origin.protocol) && `${origin.origin}/` === origin.href;
  if (isOrigin) return origin.origin;
  throw new OptionError(
    'embedUrl',
    'must be an origin: scheme, host, and port without a path, such as http://localhost:4601.',
  );
};
