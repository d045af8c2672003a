import {spawn} from 'node:child_process';
import {connect} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import {reservePort} from '../../support/reserved-port.js';

/** Trying without a pause would take the processor from the program that starts. */
const POLL_MS = 10;

export interface SpawnedServer {
  origin: string;
  /** Everything that the program has written so far. */
  output: () => string;
  stop: () => Promise<void>;
}

/**
 * Runs a program that listens on `PORT`, and resolves once it does.
 *
 * @param args `{port}` is replaced, for programs that take the port from their command line
 * @throws Error with what it wrote, where it ends before that
 */
export async function spawnServer(
  command: string,
  args: string[],
  options: {cwd: string; env: Record<string, string>},
): Promise<SpawnedServer> {
  const {port, release} = await reservePort();
  const child = spawn(
    command,
    args.map(arg => arg.replace('{port}', String(port))),
    {
      cwd: options.cwd,
      env: {PATH: process.env['PATH'], ...options.env, PORT: String(port)},
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const kill = () => child.kill();
  process.once('exit', kill);
  let output = '';
  let ended: string | undefined;
  child.stdout.on('data', chunk => (output += String(chunk)));
  child.stderr.on('data', chunk => (output += String(chunk)));
  const end = new Promise<void>(resolve => {
    const onEnd = (reason: string) => {
      ended ??= reason;
      resolve();
    };
    child.on('error', error =>
      onEnd(
        'code' in error && error.code === 'ENOENT'
          ? `${command} is missing: install it.`
          : error.message,
      ),
    );
    child.on('exit', code => onEnd(`ended with ${code}`));
  });
  while (!(await isListening(port))) {
    if (ended !== undefined) {
      await release();
      throw new Error(`${command} ${args.join(' ')}: ${ended}\n${output}`);
    }
    await setTimeout(POLL_MS);
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    output: () => output,
    async stop() {
      kill();
      await end;
      await release();
      process.off('exit', kill);
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
      .on('connect', () => (socket.destroy(), resolve(true)))
      .on('error', () => resolve(false));
  });
}
