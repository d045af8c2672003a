import process from 'node:process';
import {parseArgs} from 'node:util';
import {createEmulator} from './create-emulator.js';
import {secondWorkspace} from './credentials.js';
import type {Emulator, EmulatorOptions} from './emulator-types.js';
import {OptionError} from './read-options.js';

const USAGE = `Usage: npx meshes-workspace emulator [options]

Runs an emulator of Meshes: the management API, the events API, and the embed app.

  --port NUMBER        Port of the management and events API. Default: 4602. 0 selects a free port.
  --embed-port NUMBER  Port of the embed app. Default: the port before --port.
  --host ADDRESS       Address of both servers. Default: 127.0.0.1. In a container: 0.0.0.0
  --embed-url URL      Origin of the embed app for browsers.
  --state FILE         Keeps the state in this file between runs.
  --json               Prints the addresses and credentials as one line of JSON.
  --help               Prints this text.
`;

const ARGUMENTS = {
  port: {type: 'string'},
  'embed-port': {type: 'string'},
  host: {type: 'string'},
  'embed-url': {type: 'string'},
  state: {type: 'string'},
  json: {type: 'boolean'},
  help: {type: 'boolean'},
} as const;

/** The argument that sets each option, for error messages. */
const ARGUMENT_OF: Readonly<Record<string, string>> = {
  port: '--port',
  embedPort: '--embed-port',
  host: '--host',
  embedUrl: '--embed-url',
  stateFile: '--state',
};

/** Where the command writes. */
export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npx meshes-workspace emulator`: runs until SIGINT or SIGTERM. Resolves with the exit code. */
export const run = async (args: readonly string[], {out, error: err}: Output): Promise<number> => {
  let emulator: Emulator;
  let json: boolean;
  try {
    const values = readArguments(args);
    if (values.help) {
      out(USAGE);
      return 0;
    }
    json = values.json ?? false;
    emulator = await createEmulator(toOptions(values));
  } catch (error) {
    err(`${explain(error)}\n`);
    return error instanceof UsageError || error instanceof OptionError ? 2 : 1;
  }
  const stopped = untilSignal();
  out(json ? `${JSON.stringify(describe(emulator))}\n` : announce(emulator));
  await stopped;
  await emulator.close();
  return 0;
};

class UsageError extends Error {}

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({args: [...args], options: ARGUMENTS}).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`, {cause: error});
  }
};

const toOptions = (values: ReturnType<typeof readArguments>): EmulatorOptions => ({
  port: toNumber(values.port),
  embedPort: toNumber(values['embed-port']),
  host: values.host,
  embedUrl: values['embed-url'],
  stateFile: values.state,
});

/** Converts digits to a number. Any other text becomes NaN, which is not a port. */
const toNumber = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : NaN;
};

const explain = (error: unknown): string => {
  if (error instanceof OptionError) {
    return `${ARGUMENT_OF[error.option] ?? error.option} ${error.problem}`;
  }
  return error instanceof Error ? error.message : String(error);
};

const untilSignal = (): Promise<void> =>
  new Promise(resolve => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const stop = (): void => {
      // A second signal ends the process immediately, as usual.
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });

const describe = ({apiUrl, embedUrl, credentials}: Emulator) => ({
  apiUrl,
  embedUrl,
  credentials,
  secondWorkspace,
});

const announce = ({apiUrl, embedUrl, credentials}: Emulator): string => `
  Management and events API   ${apiUrl}
  Embed app (in the iframe)   ${embedUrl}

  Demo credentials, the same for every emulator:
    organization ID   ${credentials.organizationId}
    access key        ${credentials.accessKey}
    secret key        ${credentials.secretKey}
    workspace         ${credentials.workspaceId}
    publishable key   ${credentials.publishableKey}

  A second workspace, for another tenant:
    workspace         ${secondWorkspace.workspaceId}
    publishable key   ${secondWorkspace.publishableKey}

  Ctrl+C stops it.
`;
