import type {AddressInfo} from 'node:net';
import {createAdaptorServer, type ServerType} from '@hono/node-server';
import {OptionError} from './read-options.js';

export interface Listening {
  readonly port: number;
  /** Stops the server, and closes open connections. */
  close(): Promise<void>;
}

type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch'];

/**
 * Starts a server on this port and address. Port 0 selects a free port.
 *
 * @param option the name of the option that sets the port
 * @throws OptionError if the port is taken or the address is invalid
 */
export const listen = (
  fetch: Fetch,
  port: number,
  host: string,
  option: string,
): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const server = createAdaptorServer({fetch});
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(explain(error, port, host, option));
    });
    server.listen(port, host, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => closeServer(server),
      });
    });
  });

const explain = (
  error: NodeJS.ErrnoException,
  port: number,
  host: string,
  option: string,
): Error => {
  switch (error.code) {
    case 'EADDRINUSE':
      return new OptionError(
        option,
        `${port} is already in use on ${host}. Stop the program that listens there, or choose another port.`,
      );
    case 'EACCES':
      return new OptionError(
        option,
        `${port} requires more privileges than this process has. Choose a port above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new OptionError('host', `${host} is not an address of this machine.`);
    default:
      return error;
  }
};

const closeServer = (server: ServerType): Promise<void> =>
  new Promise(done => {
    server.close(() => done());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
