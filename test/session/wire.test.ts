import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {createFrameChannel} from '../../src/frame/frame-channel.js';
import {parseAnswer} from '../../src/session/token.js';

interface Exchange {
  name: string;
  request: {path: string};
  response: {status: number; body: Record<string, unknown>};
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../wire/${name}`, import.meta.url), 'utf8')) as unknown;
const exchanges = read('exchanges.json') as Exchange[];
const sessions = exchanges.filter(
  ({request, response}) => request.path.startsWith('/api/v1/sessions') && response.status < 300,
);

describe('the golden answers of Meshes', () => {
  test('the golden answers of Meshes include new sessions and a refresh', () => {
    const refreshes = sessions.filter(({request}) => request.path.endsWith('/refresh'));
    assert.ok(refreshes.length > 0 && sessions.length > refreshes.length);
  });

  for (const {name, request, response} of sessions) {
    const isRefresh = request.path.endsWith('/refresh');
    test(`the element reads the golden answer of Meshes: ${name}`, () => {
      const {body} = response;
      const expiresAt = Date.parse(body.expires_at as string);
      const answer = parseAnswer(body, {
        phase: isRefresh ? 'refresh' : 'mint',
        sessionId: isRefresh ? (body.session_id as string) : null,
        needsLaunchUrl: !isRefresh,
        // The example's own time: a minute before its end.
        serverTime: expiresAt - 60_000,
        now: 0,
      });
      assert.equal(answer.accessToken, body.access_token);
      assert.equal(answer.sessionId, body.session_id);
      assert.equal(answer.launchUrl, isRefresh ? null : body.launch_url);
      const seconds = (body.expires_in as number | undefined) ?? 60;
      assert.equal(answer.lifetimeMs, seconds * 1000);
    });
  }
});

test('the element posts the golden meshes:auth to a frame', () => {
  const golden = (read('messages-to-frame.json') as {data: {token: string}; valid: boolean}[]).find(
    ({valid}) => valid,
  )!.data;
  const posted: unknown[] = [];
  const channel = createFrameChannel({
    port: {listen: () => {}, post: (_target, message, origin) => void posted.push(message, origin)},
    frame: {contentWindow: null},
    origin: 'https://embed.meshes.io',
    signal: new AbortController().signal,
    onMessage: () => {},
    onForeignOrigin: () => {},
    onFlood: () => undefined,
    now: () => 0,
  });
  channel.authorize(golden.token);
  assert.deepEqual(posted, [golden, 'https://embed.meshes.io']);
});
