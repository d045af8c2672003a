/*
 * What the frame shows: a workspace that does as it is told. Launched by a launch URL (`?launch`) it says `meshes:ready`; without
 * one it is somebody else's page. The host page and it talk by `{fixture: …}`.
 */
import type * as hostile from './hostile.js';

const query = new URLSearchParams(location.search);
/** All that anybody has told this page, but for its orders. */
const told: unknown[] = [];

interface Order {
  fixture?: string;
  id?: string;
  messages?: unknown[];
  count?: number;
  seed?: number;
  seconds?: number;
}

const post = (message: unknown) => {
  for (const target of new Set([parent, top!])) target.postMessage(message, '*');
};

async function obey({fixture, messages = [], count = 0, seed = 0, seconds = 0}: Order) {
  if (fixture === 'say') messages.forEach(post);
  if (fixture === 'attack') {
    // Large, and needed by few pages.
    const script = '/hostile.js';
    const {hostileMessages} = (await import(script)) as typeof hostile;
    hostileMessages(count, seed).forEach(post);
  }
  if (fixture === 'storm') {
    // As many as a thousand a second has come to by now: timers of a busy page are late.
    const startedAt = performance.now();
    for (let sent = 0; sent < seconds * 1_000;) {
      for (; sent < Math.min(performance.now() - startedAt, seconds * 1_000); sent += 1) {
        post({type: sent % 2 ? 'meshes:token-refresh' : 'meshes:token-expired'});
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}

addEventListener('message', ({data, source, origin}: MessageEvent<Order | null>) => {
  if (!data?.fixture) {
    told.push(data);
    return;
  }
  if (data.fixture === 'done') return;
  void obey(data).then(() =>
    (source as Window).postMessage({fixture: 'done', id: data.id, told: [...told]}, origin),
  );
});
if (query.has('launch') && !query.has('mute')) parent.postMessage({type: 'meshes:ready'}, '*');
parent.postMessage({fixture: 'loaded', query: location.search}, '*');
