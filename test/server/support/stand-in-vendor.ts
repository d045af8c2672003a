import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import {type AddressInfo} from 'node:net';

export interface VendorCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface StandInVendor {
  baseUrl: string;
  calls: VendorCall[];
  /** How the calls from now on are answered. */
  answer: (respond: (res: ServerResponse, call: VendorCall) => void) => void;
  close: () => Promise<void>;
}

/** Answers what the test says, over HTTP: for faults and shapes that the emulator does not produce. */
export async function startStandInVendor(): Promise<StandInVendor> {
  const calls: VendorCall[] = [];
  let respond: (res: ServerResponse, call: VendorCall) => void = (res, call) =>
    call.method === 'DELETE' ? json(res, 200, {revoked: true}) : json(res, 201, minted);
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      const call = {method: req.method ?? '', path: req.url ?? '', headers: req.headers, body};
      calls.push(call);
      respond(res, call);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
    calls,
    answer: next => (respond = next),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers as the server at `origin` does, such as the emulator. */
export function forwardTo(origin: string): (res: ServerResponse, call: VendorCall) => void {
  const forward = async (res: ServerResponse, {method, path, headers, body}: VendorCall) => {
    const {authorization = '', 'content-type': type = ''} = headers;
    const response = await fetch(origin + path, {
      method,
      headers: {Authorization: authorization, 'Content-Type': type},
      ...(body !== '' && {body}),
    });
    json(res, response.status, await response.json());
  };
  return (res, call) => void forward(res, call).catch(() => res.destroy());
}

export const minted = {
  session_id: 'sess_0001',
  access_token: 'canary-access-token',
  expires_at: '2030-01-01T00:30:00.000Z',
  expires_in: 1800,
  launch_url: 'https://embed.meshes.io/workspace/dashboard?launch=canary-launch-token',
  launch_token: 'canary-launch-token',
  launch_expires_at: '2030-01-01T00:00:30.000Z',
  workspace_id: '3f216741-15dd-4e46-b5ac-0077a2640e89',
  role: 'member',
  session_type: 'workspace',
};

export function json(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, {'Content-Type': 'application/json', ...headers});
  res.end(JSON.stringify(body));
}
