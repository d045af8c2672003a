import {once} from 'node:events';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import {systemClock} from '../../../src/session/clock.js';
import {createEndpoint} from '../../../src/session/endpoint.js';
import {createTokenSource} from '../../../src/session/token-source.js';
import {createWorld} from './session-world.js';
import {FAULTS, respond} from './endpoint-faults.js';

export interface MintRun {
  fault: string;
  requests: number;
  code: string;
}

/** Mints against an endpoint that does one thing wrong each time, over HTTP. */
export async function runMints(): Promise<MintRun[]> {
  let requests = 0;
  const server = http.createServer((request, response) => {
    requests += 1;
    const fault = new URL(request.url!, 'http://localhost').searchParams.get('fault')!;
    request.resume().once('end', () => respond(response, fault));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const runs: MintRun[] = [];
  for (const fault of Object.keys(FAULTS)) {
    requests = 0;
    const url = `http://127.0.0.1:${port}/session?${new URLSearchParams({fault}).toString()}`;
    const code = await new Promise<string>(resolve => {
      const {session} = createWorld({
        clock: systemClock,
        // The shortest pauses that the policy knows: the number of requests is what counts here.
        random: () => 0.02,
        source: createTokenSource({
          provider: () => null,
          endpoints: {
            token: createEndpoint(url, url),
            refresh: null,
            credentials: 'same-origin',
          },
          headers: () => Promise.resolve(new Headers()),
          fetch: globalThis.fetch,
          now: () => Date.now(),
        }),
        asksAfterMs: null,
        onNotice: notice => {
          if (notice.type !== 'error') return;
          session.dispose();
          resolve(notice.error.code);
        },
      });
      session.start();
    });
    runs.push({fault, requests, code});
  }
  server.closeAllConnections();
  server.close();
  return runs;
}

/** What was not as it must be: one request where another cannot help, four at most elsewhere. */
export function wrongMints(runs: readonly MintRun[]): string[] {
  return runs
    .filter(({fault, requests, code}) => {
      const {most, codes} = FAULTS[fault]!;
      return requests > most || requests === 0 || code !== codes;
    })
    .map(({fault, requests, code}) => `${fault}: ${requests} requests, ${code}`);
}
