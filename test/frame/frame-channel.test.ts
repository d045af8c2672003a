import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {createFrameChannel, type FrameChannel} from '../../src/frame/frame-channel.js';
import type {FrameMessage} from '../../src/frame/messages.js';
import type {Frame} from '../../src/frame/window-port.js';
import {GENUINE, LOOK_ALIKES, OTHER_SPELLINGS} from '../support/look-alikes.js';
import {RecordingPort} from '../support/session-harness.js';

const frame: Frame = {contentWindow: null};
const sibling: Frame = {contentWindow: null};

let port: RecordingPort;
let controller: AbortController;
let channel: FrameChannel;
let messages: FrameMessage[];
let foreigners: string[];

beforeEach(() => {
  port = new RecordingPort();
  controller = new AbortController();
  messages = [];
  foreigners = [];
  channel = createFrameChannel({
    port,
    frame,
    origin: GENUINE,
    signal: controller.signal,
    onMessage: message => messages.push(message),
    onForeignOrigin: origin => foreigners.push(origin),
  });
});
afterEach(() => {
  controller.abort();
  assert.equal(port.listening, 0);
});

describe('a channel', () => {
  test('delivers a message of its window and origin', () => {
    port.deliver(frame, {type: 'meshes:ready'}, GENUINE);
    port.deliver(frame, {type: 'meshes:resize', height: 700}, GENUINE);
    assert.deepEqual(messages, [{type: 'meshes:ready'}, {type: 'meshes:resize', height: 700}]);
  });

  test('drops a message of another window, though of its origin', () => {
    port.deliver(sibling, {type: 'meshes:ready'}, GENUINE);
    assert.deepEqual([messages, foreigners], [[], []]);
  });

  test('drops a message of another origin, though of its window, and tells which', () => {
    port.deliver(frame, {type: 'meshes:ready'}, 'https://evil.example');
    assert.deepEqual([messages, foreigners], [[], ['https://evil.example']]);
  });

  test('drops a message of every look-alike origin, and of every other spelling', () => {
    for (const origin of [...LOOK_ALIKES, ...OTHER_SPELLINGS]) {
      port.deliver(frame, {type: 'meshes:ready'}, origin);
    }
    assert.deepEqual(messages, []);
    assert.equal(foreigners.length, LOOK_ALIKES.length + OTHER_SPELLINGS.length);
    port.deliver(frame, {type: 'meshes:ready'}, GENUINE);
    assert.equal(messages.length, 1);
  });

  test('reads nothing of what a foreign document says', () => {
    const trap = new Proxy(
      {},
      {
        get: () => assert.fail('reads a field'),
        has: () => assert.fail('looks for a field'),
        ownKeys: () => assert.fail('lists the fields'),
        getOwnPropertyDescriptor: () => assert.fail('looks at a field'),
      },
    );
    port.deliver(frame, trap, 'https://evil.example');
    assert.equal(foreigners.length, 1);
  });

  test('drops noise of its own origin without a word', () => {
    for (const data of [null, 'ping', {type: 'other'}, [], {type: 'meshes:resize', height: NaN}]) {
      port.deliver(frame, data, GENUINE);
    }
    assert.deepEqual([messages, foreigners], [[], []]);
  });

  test('posts a token to its window, for its origin and no other', () => {
    channel.authorize('t1');
    assert.deepEqual(port.posts, [{target: frame, token: 't1', origin: GENUINE}]);
  });

  test('posts to its own origin even after it has met a foreign one', () => {
    port.deliver(frame, {type: 'meshes:ready'}, 'https://evil.example');
    channel.authorize('t1');
    assert.deepEqual(
      port.posts.map(({origin}) => origin),
      [GENUINE],
    );
  });

  test('is silent and deaf once its signal aborts', () => {
    controller.abort();
    channel.authorize('t1');
    port.deliver(frame, {type: 'meshes:ready'}, GENUINE);
    port.deliver(frame, {type: 'meshes:ready'}, 'https://evil.example');
    assert.deepEqual([messages, foreigners, port.posts], [[], [], []]);
  });
});
