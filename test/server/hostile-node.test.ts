import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {createMeshesServer} from '../../src/server/index.js';
import {type NodeRequest, toNodeHandler} from '../../src/server/node.js';
import {describeSessionEndpoint, type StartEndpoint} from './support/session-endpoint.js';
import {credentials, workspaceId} from './support/site.js';

const startNodeEndpoint: StartEndpoint = async ({meshesUrl, meshesTimeoutMs}) => {
  let log = '';
  let clockOffset = 0;
  const meshes = createMeshesServer<NodeRequest>({
    credentials,
    baseUrl: meshesUrl,
    ...(meshesTimeoutMs !== undefined && {timeout: meshesTimeoutMs}),
    now: () => Date.now() + clockOffset,
    onError: error => (log += `${describeError(error)}\n`),
    authorize: ({request}) => {
      clockOffset = Number(request?.headers.get('x-test-clock') ?? 0) * 1000;
      const user = /(?:^|; )user=(\w+)/.exec(request?.headers.get('cookie') ?? '')?.[1];
      if (user === undefined) return null;
      const grant = JSON.parse(request?.headers.get('x-test-grant') ?? '{}') as object | null;
      return grant && {userId: user, workspaceId, ...inCamelCase(grant)};
    },
  });
  const handle = toNodeHandler(meshes.handler);
  const server = createServer((req, res) => void handle(req, res));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: () => log,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

function inCamelCase(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** All that a log could print of an error, its causes included. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const own = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return `${own} ${error.cause === undefined ? '' : describeError(error.cause)}`;
}

describeSessionEndpoint('meshes-workspace/server on node:http', startNodeEndpoint, {
  parser: 'javascript',
});
