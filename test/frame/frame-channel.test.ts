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
let floods: number;
let time: number;

beforeEach(() => {
  port = new RecordingPort();
  controller = new AbortController();
  messages = [];
  foreigners = [];
  floods = 0;
  time = 0;
  channel = createFrameChannel({
    port,
    frame,
    origin: GENUINE,
    signal: controller.signal,
    onMessage: message => messages.push(message),
    onForeignOrigin: origin => foreigners.push(origin),
    onFlood: () => floods++,
    now: () => time,
  });
});
afterEach(() => {
  controller.abort();
  assert.equal(port.listening, 0);
});

describe('the frame channel', () => {
  test('delivers a message from its window and origin', () => {
    port.deliver(frame, {type: 'meshes:ready'}, GENUINE);
    port.deliver(frame, {type: 'meshes:resize', height: 700}, GENUINE);
    assert.deepEqual(messages, [{type: 'meshes:ready'}, {type: 'meshes:resize', height: 700}]);
  });

  test('drops a message from another window, although the origin is right', () => {
    port.deliver(sibling, {type: 'meshes:ready'}, GENUINE);
    assert.deepEqual([messages, foreigners], [[], []]);
  });

  test('drops a message from another origin, although the window is right, and reports the origin', () => {
    port.deliver(frame, {type: 'meshes:ready'}, 'https://evil.example');
    assert.deepEqual([messages, foreigners], [[], ['https://evil.example']]);
  });

  test('drops a message from every look-alike origin, and from every other spelling', () => {
    for (const origin of [...LOOK_ALIKES, ...OTHER_SPELLINGS]) {
      port.deliver(frame, {type: 'meshes:ready'}, origin);
    }
    assert.deepEqual(messages, []);
    assert.equal(foreigners.length, LOOK_ALIKES.length + OTHER_SPELLINGS.length);
    port.deliver(frame, {type: 'meshes:ready'}, GENUINE);
    assert.equal(messages.length, 1);
  });

  test('reads nothing from a message of a foreign document', () => {
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

  test('drops unknown messages from its own origin without a report', () => {
    for (const data of [null, 'ping', {type: 'other'}, [], {type: 'meshes:resize', height: NaN}]) {
      port.deliver(frame, data, GENUINE);
    }
    assert.deepEqual([messages, foreigners], [[], []]);
  });

  test('posts a token to its window, with its origin as the only target', () => {
    channel.authorize('t1');
    assert.deepEqual(port.posts, [{target: frame, token: 't1', origin: GENUINE}]);
  });

  test('posts to its own origin after a message from a foreign one', () => {
    port.deliver(frame, {type: 'meshes:ready'}, 'https://evil.example');
    channel.authorize('t1');
    assert.deepEqual(
      port.posts.map(({origin}) => origin),
      [GENUINE],
    );
  });

  test('neither posts nor delivers after its signal aborts', () => {
    controller.abort();
    channel.authorize('t1');
    port.deliver(frame, {type: 'meshes:ready'}, GENUINE);
    port.deliver(frame, {type: 'meshes:ready'}, 'https://evil.example');
    assert.deepEqual([messages, foreigners, port.posts], [[], [], []]);
  });
});

describe('messages that take long to read', () => {
  /** A message whose data takes so many ms to read. */
  const post = (ms: number, origin = GENUINE) =>
    port.receive(frame, {
      origin,
      get data() {
        time += ms;
        return {type: 'meshes:ready'};
      },
    });

  test('drops messages unread after 100 ms of reading, and reads again after some time', () => {
    for (let count = 0; count < 3; count += 1) post(50);
    assert.equal(messages.length, 3);
    assert.equal(floods, 0);
    post(50);
    assert.deepEqual([messages.length, floods, time], [3, 1, 150]);
    // A tenth of the time that passes.
    time += 499;
    post(50);
    assert.deepEqual([messages.length, floods], [3, 2]);
    time += 10;
    post(50);
    assert.deepEqual([messages.length, floods], [4, 2]);
  });

  test('never reads messages of another origin', () => {
    post(5_000, 'https://evil.example');
    assert.deepEqual([time, floods, foreigners.length], [0, 0, 1]);
  });

  test('reads any number of messages if each takes no time', () => {
    for (let count = 0; count < 10_000; count += 1) post(0);
    assert.deepEqual([messages.length, floods], [10_000, 0]);
  });

  test('counts no reading time if the clock is set back', () => {
    time = 1_000_000;
    post(-1_000_000);
    post(10);
    assert.deepEqual([messages.length, floods], [2, 0]);
  });
});
