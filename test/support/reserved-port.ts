import {createServer, type Server} from 'node:net';

/**
 * These ports are below those that systems give to other servers and to outgoing connections, and above 10080, the highest port
 * that fetch refuses (https://fetch.spec.whatwg.org/#port-blocking).
 */
export const FIRST_PORT = 10_200;
const PORT_PAIRS = 11_000;

export interface ReservedPort {
  port: number;
  /** Lets others reserve the port again. */
  release: () => Promise<void>;
}

/**
 * Reserves a port for a program that is started later. Tests run in several processes. A port that was only found to be free could
 * go to two programs, and the tests of one of them would talk to the other. So the next higher port stays open as a lock.
 */
export async function reservePort(first = FIRST_PORT, pairs = PORT_PAIRS): Promise<ReservedPort> {
  const start = Math.floor(Math.random() * pairs);
  for (let tried = 0; tried < pairs; tried++) {
    const port = first + 2 * ((start + tried) % pairs);
    const lock = await listen(port + 1);
    if (!lock) continue;
    const probe = await listen(port);
    if (probe) {
      await close(probe);
      lock.unref();
      return {port, release: () => close(lock)};
    }
    await close(lock);
  }
  throw new Error('No port is free.');
}

function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise(resolve => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()));
}
