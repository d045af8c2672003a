import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import path from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {readSamples, writeSamples} from './support/doc-samples.js';
import {encodeRequest, exchange, type RawRequest} from './support/raw-http.js';
import {describeSessionEndpoint, type StartEndpoint} from './support/session-endpoint.js';
import {credentials, workspaceId} from './support/site.js';
import {type SpawnedServer, spawnServer} from './support/spawned-server.js';
import {json, minted, type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

const program = 'hostile_backend.py';
const code = readFileSync(path.join(import.meta.dirname, 'support', program), 'utf8');

/** @param settings the sample reads them from the environment */
function startPython(
  meshesUrl: string,
  settings: Record<string, string> = {},
): Promise<SpawnedServer> {
  const folder = writeSamples([...readSamples('backend-http.md'), [program, code]]);
  return spawnServer('python3', ['-u', program], {
    cwd: folder.path,
    env: {
      MESHES_API_URL: meshesUrl,
      MESHES_ORGANIZATION_ID: credentials.organizationId,
      MESHES_ACCESS_KEY: credentials.accessKey,
      MESHES_SECRET_KEY: credentials.secretKey,
      MESHES_WORKSPACE_ID: workspaceId,
      ...settings,
    },
  }).finally(folder.remove);
}

const startEndpoint: StartEndpoint = async ({meshesUrl, meshesTimeoutMs}) => {
  const {output, ...server} = await startPython(
    meshesUrl,
    meshesTimeoutMs === undefined ? {} : {MESHES_TIMEOUT: String(meshesTimeoutMs / 1000)},
  );
  return {...server, log: output};
};

describeSessionEndpoint('the Python sample of docs/backend-http.md', startEndpoint, {
  inJavaScript: false,
});

describe('the Python sample on its own HTTP server', () => {
  let vendor: StandInVendor;
  let server: SpawnedServer;
  /** Gives up on clients, and on Meshes, within a second. */
  let impatient: SpawnedServer;
  const REQUEST_TIMEOUT_MS = 800;

  before(async () => {
    vendor = await startStandInVendor();
    server = await startPython(vendor.baseUrl);
    impatient = await startPython(vendor.baseUrl, {
      REQUEST_TIMEOUT: String(REQUEST_TIMEOUT_MS / 1000),
      MESHES_TIMEOUT: '0.8',
    });
  });
  beforeEach(() => {
    vendor.calls.splice(0);
    vendor.answer(res => json(res, 201, minted));
  });
  after(() => Promise.all([server?.stop(), impatient?.stop(), vendor.close()]));

  const send = (request: RawRequest, to = server) =>
    exchange(to.origin, encodeRequest(to.origin, request));

  function problemOf({body}: {body: string}): unknown {
    const {title, ...problem} = JSON.parse(body) as Record<string, unknown>;
    assert.equal(typeof title, 'string');
    return problem;
  }

  for (const [name, origin, host, status] of [
    ['accepts https behind a proxy', 'https://app.example', 'app.example', 200],
    ['accepts https with the port written out', 'https://app.example', 'app.example:443', 200],
    ['accepts a Host in capital letters', 'https://app.example', 'App.Example', 200],
    ['accepts http on a loopback host', 'http://localhost:8000', 'localhost:8000', 200],
    ['refuses http on another host', 'http://app.example', 'app.example', 403],
    ['refuses the port of http for https', 'https://app.example', 'app.example:80', 403],
    [
      'refuses a host that starts like loopback',
      'http://localhost.evil.example',
      'localhost.evil.example',
      403,
    ],
  ] as const) {
    test(`${name}: Origin ${origin}, Host ${host}`, async () => {
      assert.equal((await send({headers: {origin, host}})).status, status);
      assert.equal(vendor.calls.length, status === 200 ? 1 : 0);
    });
  }

  for (const origin of ['null', 'http://[', 'http://app.example', undefined]) {
    test(`refuses Origin ${origin} although Sec-Fetch-Site is same-origin`, async () => {
      const answer = await send({headers: {origin, 'sec-fetch-site': 'same-origin'}});
      assert.equal(answer.status, 403);
      assert.equal(vendor.calls.length, 0);
    });
  }

  for (const launch_url of [
    'http://embed.meshes.io/workspace/dashboard?launch=canary',
    'http://localhost.evil.example/workspace/dashboard',
    'https://embed.meshes.io@evil.example/workspace/dashboard',
    'https://embed.meshes.io\\@evil.example/',
    'https://embed.meshes.io',
    'https:embed.meshes.io/workspace/dashboard',
    ' https://embed.meshes.io/workspace/dashboard',
    'https://embed.meshes.io/workspace/dashboard\n',
  ]) {
    test(`refuses the launch URL ${JSON.stringify(launch_url)} of Meshes`, async () => {
      vendor.answer(res => json(res, 201, {...minted, launch_url}));
      assert.deepEqual(problemOf(await send({})), {
        status: 502,
        code: 'meshes_bad_response',
        retryable: false,
      });
    });
  }

  for (const [name, body] of [
    ['deeply nested JSON', '['.repeat(30_000)],
    ['half of a surrogate pair', JSON.stringify(minted).replace('canary', String.raw`\ud800`)],
    ['a field that is there twice', JSON.stringify(minted).replace('{', '{"session_id": "x",')],
    ['bytes that are not UTF-8', Buffer.from('{"session_id": "\xff"}', 'latin1')],
  ] as const) {
    test(`refuses an answer of Meshes with ${name}`, async () => {
      vendor.answer(res => void res.writeHead(201).end(body));
      const answer = await send({});
      assert.equal(answer.status, 502);
      assert.match(answer.body, /"code": "meshes_bad_response"/);
    });
  }

  test('gives up if the headers of a Meshes answer never end', async () => {
    vendor.answer(res => {
      const timer = setInterval(() => res.writeContinue(), 20);
      res.on('close', () => clearInterval(timer));
    });
    assert.equal((await send({}, impatient)).status, 504);
  });

  test('answers 500 to an unknown error, and logs only the type of the error', async () => {
    const answer = await send({headers: {'x-test-failure': 'canary-of-authorize'}});
    assert.equal(answer.status, 500);
    assert.deepEqual(problemOf(answer), {status: 500, code: 'internal_error', retryable: true});
    assert.match(server.output(), /internal_error RuntimeError/);
    assert.ok(!server.output().includes('canary'));
  });

  for (const [name, bytes] of [
    ['no request line', '\x16\x03\x01\x02\x00canary\r\n\r\n'],
    ['a request line without a version', 'POST /canary canary canary canary\r\n\r\n'],
    ['a request line of 100 kB', `POST /${'canary'.repeat(20_000)} HTTP/1.1\r\n\r\n`],
    ['a header of 100 kB', `POST / HTTP/1.1\r\nX: ${'canary'.repeat(20_000)}\r\n\r\n`],
    ['200 headers', `POST / HTTP/1.1\r\n${'X: canary\r\n'.repeat(200)}\r\n`],
    ['HTTP/3', 'POST /canary HTTP/3.0\r\n\r\n'],
  ] as const) {
    test(`answers a problem document to ${name}, and quotes nothing of it`, async () => {
      const answer = await exchange(server.origin, Buffer.from(bytes, 'latin1'));
      assert.deepEqual(problemOf(answer), {
        status: 400,
        code: 'request_malformed',
        retryable: false,
      });
      assert.ok(!(answer.body + server.output()).includes('canary'));
    });
  }

  test('refuses a body in chunks', async () => {
    const answer = await send({
      headers: {'content-length': undefined, 'transfer-encoding': 'chunked'},
      body: '2\r\n{}\r\n0\r\n\r\n',
    });
    assert.deepEqual(problemOf(answer), {status: 411, code: 'length_required', retryable: false});
  });

  test('answers one request per connection, even if the client wants to keep it', async () => {
    const request = encodeRequest(server.origin, {headers: {connection: 'keep-alive'}});
    const answer = await exchange(server.origin, Buffer.concat([request, request]));
    assert.equal(answer.status, 200);
    assert.equal(answer.count, 1);
    assert.equal(answer.headers.get('connection'), 'close');
    assert.equal(vendor.calls.length, 1);
  });

  test('reads the rest of a refused body, so that the connection is not reset', async () => {
    const request = encodeRequest(server.origin, {body: 'x'.repeat(30_000_000)});
    const {hostname, port} = new URL(server.origin);
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(Number(port), hostname);
      // Proxies, too, look for the answer only after they have sent the request.
      socket.pause();
      socket.on('error', reject);
      socket.on('data', chunk => (received += String(chunk)));
      socket.on('end', () => resolve(received));
      socket.write(request, () => socket.resume());
    });
    assert.match(text, /^HTTP\/1\.1 413 /);
    assert.match(text, /body_too_large/);
  });

  describe('a slow client of the Python sample', () => {
    /** Writes `start`, then one byte at a time, and resolves with what the server has sent once it closes. */
    function drip(start: Uint8Array | string): Promise<string> {
      return new Promise((resolve, reject) => {
        const url = new URL(impatient.origin);
        let text = '';
        const socket: Socket = connect(Number(url.port), url.hostname);
        const timer = setInterval(() => socket.write('x'), 30);
        // A server without a limit would never close.
        const limit = setTimeout(
          () => socket.destroy(new Error('The server still reads.')),
          REQUEST_TIMEOUT_MS * 8,
        );
        socket.on('data', chunk => (text += String(chunk)));
        socket.on('error', reject);
        socket.on('close', () => {
          clearInterval(timer);
          clearTimeout(limit);
          resolve(text);
        });
        socket.write(start);
      });
    }
    const ignoreReset = (error: NodeJS.ErrnoException) => {
      assert.ok(error.code === 'ECONNRESET' || error.code === 'EPIPE', String(error));
      return '';
    };

    test('answers 408 if the body comes too slowly', async () => {
      const start = encodeRequest(impatient.origin, {
        headers: {'content-length': '16000'},
        body: '{',
      });
      const text = await drip(start);
      assert.match(text, /^HTTP\/1\.1 408 /);
      assert.match(text, /"code": "body_timeout", "retryable": true/);
    });

    test('closes the connection if the headers come too slowly', async () => {
      assert.equal(vendor.calls.length, 0);
      await drip('POST / HTTP/1.1\r\nX: ').catch(ignoreReset);
      assert.equal(vendor.calls.length, 0);
    });

    test('closes the connection if the client writes on after a refusal', async () => {
      const text = await drip(encodeRequest(impatient.origin, {method: 'PUT'}));
      assert.match(text, /^HTTP\/1\.1 405 /);
    });

    test('answers other clients while one client is slow', async () => {
      const {hostname, port} = new URL(server.origin);
      const sockets = Array.from({length: 60}, () => {
        const socket = connect(Number(port), hostname);
        socket.write('POST / HTTP/1.1\r\n');
        return socket;
      });
      try {
        assert.equal((await send({})).status, 200);
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    });
  });

  for (const meshesUrl of [
    'http://api.meshes.example/api/v1',
    'http://localhost.evil.example/api/v1',
    'https://canary:canary@api.meshes.io/api/v1',
    'https://api.meshes.io',
    'ftp://api.meshes.io/api/v1',
    'api.meshes.io/api/v1',
  ]) {
    test(`does not start with the Meshes address ${meshesUrl}, and does not quote it`, () =>
      assert.rejects(startPython(meshesUrl), (error: Error) => {
        assert.match(error.message, /MESHES_API_URL must be an https URL/);
        assert.ok(!error.message.includes(meshesUrl) && !error.message.includes('canary'));
        return true;
      }));
  }
});
