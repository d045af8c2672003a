import type {AddressInfo} from 'node:net';
import {createAdaptorServer, type ServerType} from '@hono/node-server';

export interface Listening {
  readonly origin: string;
  /** Stops the server, and closes open connections. */
  close(): Promise<void>;
}

type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch'];

/** The addresses of `localhost`. A browser may try either of them first. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;
const TRIES = 10;

/**
 * Starts a server on `host`. For `localhost`, it listens on the loopback addresses of IPv4 and IPv6.
 *
 * @param port 0 selects a free port, the same for both addresses
 * @param variable environment variable that sets the port, for the error message
 */
export const listen = async (
  fetch: Fetch,
  port: number,
  host: string,
  variable: string,
): Promise<Listening> => {
  const addresses = host === 'localhost' ? LOOPBACK : [host];
  for (let tries = 1; ; tries++) {
    const open: Opened[] = [];
    try {
      for (const address of addresses) {
        const opened = await openAt(fetch, open[0]?.port ?? port, address);
        if (opened) open.push(opened);
      }
      if (open.length === 0) throw new Error(`This machine has no address for ${host}.`);
      return {
        origin: `http://${host}:${open[0]!.port}`,
        close: async () => {
          await Promise.all(open.map(({server}) => closeServer(server)));
        },
      };
    } catch (error) {
      await Promise.all(open.map(({server}) => closeServer(server)));
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      // The port may be in use on the other address.
      if (isTaken && port === 0 && tries < TRIES) continue;
      throw isTaken
        ? new Error(
            `Port ${port} is already in use on ${host}. Stop the program that listens there, or choose another port with ${variable}.`,
          )
        : error;
    }
  }
};

interface Opened {
  readonly server: ServerType;
  readonly port: number;
}

/** Listens on an address. Returns undefined if the machine does not have it: some have no IPv6. */
const openAt = (fetch: Fetch, port: number, address: string): Promise<Opened | undefined> =>
  new Promise((resolve, reject) => {
    const server = createAdaptorServer({fetch});
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(undefined);
      else reject(error);
    });
    server.listen(port, address, () => {
      resolve({server, port: (server.address() as AddressInfo).port});
    });
  });

const closeServer = (server: ServerType): Promise<void> =>
  new Promise(done => {
    server.close(() => done());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
