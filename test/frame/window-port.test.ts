import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {type Frame, windowPort} from '../../src/frame/window-port.js';

const ORIGIN = 'https://embed.example';

/** The window of the host page, with the message listeners that are registered on it. */
class HostWindow {
  readonly listeners = new Set<(event: unknown) => void>();
  added = 0;

  addEventListener(type: string, listener: (event: unknown) => void): void {
    assert.equal(type, 'message');
    this.added += 1;
    this.listeners.add(listener);
  }

  removeEventListener(type: string, listener: (event: unknown) => void): void {
    assert.equal(type, 'message');
    this.listeners.delete(listener);
  }

  /** Delivers a message as a browser does, to every listener. */
  deliver(source: object | null, data: unknown, origin = ORIGIN): void {
    for (const listener of [...this.listeners]) listener({source, origin, data});
  }
}

/** A frame whose window records what is posted to it, and how often the window was looked at. */
class TestFrame {
  readonly posts: [message: unknown, origin: string][] = [];
  readonly window = {
    postMessage: (message: unknown, origin: string) => void this.posts.push([message, origin]),
  };
  inDocument = true;
  lookUps = 0;

  get contentWindow(): Window | null {
    this.lookUps += 1;
    return this.inDocument ? (this.window as unknown as Window) : null;
  }
}

let page: HostWindow;
let controllers: AbortController[];

beforeEach(() => {
  page = new HostWindow();
  controllers = [];
  Object.defineProperty(globalThis, 'window', {value: page, configurable: true});
});
afterEach(() => {
  for (const controller of controllers) controller.abort();
  assert.equal(page.listeners.size, 0, 'a listener is left on the host page');
  Reflect.deleteProperty(globalThis, 'window');
});

/** Listens to a frame, and records what it sends. */
function listen(frame: Frame) {
  const controller = new AbortController();
  controllers.push(controller);
  const received: unknown[] = [];
  windowPort.listen(
    frame,
    ({origin, data}) => void received.push([origin, data]),
    controller.signal,
  );
  return {received, controller};
}

describe('the window port', () => {
  test('delivers the origin and the data of a message from the window of a frame', () => {
    const frame = new TestFrame();
    const {received} = listen(frame);
    page.deliver(frame.window, 'first');
    page.deliver(frame.window, 'second', 'https://other.example');
    assert.deepEqual(received, [
      [ORIGIN, 'first'],
      ['https://other.example', 'second'],
    ]);
  });

  test('delivers a message to the listener of its own frame only', () => {
    const frames = [new TestFrame(), new TestFrame()] as const;
    const [first, second] = [listen(frames[0]), listen(frames[1])];
    page.deliver(frames[1].window, 'for the second');
    page.deliver({}, 'from an unknown window');
    assert.deepEqual([first.received, second.received], [[], [[ORIGIN, 'for the second']]]);
  });

  test('delivers each message once, with any number of frames', () => {
    const frames = Array.from({length: 20}, () => new TestFrame());
    const listeners = frames.map(listen);
    assert.equal(page.listeners.size, 1);
    for (const frame of frames) page.deliver(frame.window, 'hello');
    for (const {received} of listeners) assert.deepEqual(received, [[ORIGIN, 'hello']]);
  });

  test('drops a message without a source while a frame has no window', () => {
    const frame = new TestFrame();
    frame.inDocument = false;
    const {received} = listen(frame);
    page.deliver(null, 'from a window that is gone');
    frame.inDocument = true;
    page.deliver(frame.window, 'known from now on');
    page.deliver(null, 'from a window that is gone');
    assert.deepEqual(received, [[ORIGIN, 'known from now on']]);
  });

  test('does not look at the window of a frame before the first message', () => {
    const frame = new TestFrame();
    listen(frame);
    assert.equal(frame.lookUps, 0);
  });

  test('does not look up the window of a known frame again', () => {
    const frame = new TestFrame();
    listen(frame);
    page.deliver(frame.window, 'hello');
    const {lookUps} = frame;
    page.deliver(frame.window, 'hello');
    page.deliver({}, 'hello');
    assert.equal(frame.lookUps, lookUps);
  });

  test('finds a frame that enters the document after listen()', () => {
    const frame = new TestFrame();
    frame.inDocument = false;
    const {received} = listen(frame);
    page.deliver({}, 'too early');
    frame.inDocument = true;
    page.deliver(frame.window, 'hello');
    assert.deepEqual(received, [[ORIGIN, 'hello']]);
  });

  test('adds no listener if its signal has already aborted', () => {
    const frame = new TestFrame();
    const received: unknown[] = [];
    windowPort.listen(frame, (...message) => void received.push(message), AbortSignal.abort());
    assert.equal(page.added, 0);
    const other = listen(new TestFrame());
    page.deliver(frame.window, 'hello');
    assert.deepEqual([received, other.received], [[], []]);
  });

  for (const known of [true, false]) {
    const when = known ? 'after' : 'before';

    test(`removes its listener from the host page when the last signal aborts ${when} a message`, () => {
      const frames = [new TestFrame(), new TestFrame()] as const;
      const [first, second] = [listen(frames[0]), listen(frames[1])];
      if (known) page.deliver({}, 'makes both windows known');
      first.controller.abort();
      assert.equal(page.listeners.size, 1, 'the second frame is still heard');
      page.deliver(frames[1].window, 'hello');
      assert.deepEqual(second.received, [[ORIGIN, 'hello']]);
      second.controller.abort();
      assert.equal(page.listeners.size, 0);
    });

    test(`delivers nothing to a listener whose signal aborted ${when} a message`, () => {
      const frame = new TestFrame();
      const {received, controller} = listen(frame);
      listen(new TestFrame());
      if (known) page.deliver({}, 'makes both windows known');
      controller.abort();
      page.deliver(frame.window, 'too late');
      assert.deepEqual(received, []);
    });

    test(`does not look at a frame whose signal aborted ${when} a message`, () => {
      const frame = new TestFrame();
      const {controller} = listen(frame);
      listen(new TestFrame());
      if (known) page.deliver({}, 'makes both windows known');
      controller.abort();
      const {lookUps} = frame;
      page.deliver({}, 'hello');
      assert.equal(frame.lookUps, lookUps);
    });
  }

  test('keeps its listener while one frame is known and another one is not', () => {
    const known = new TestFrame();
    const {received} = listen(known);
    page.deliver(known.window, 'first');
    const fresh = listen(new TestFrame());
    fresh.controller.abort();
    page.deliver(known.window, 'second');
    assert.equal(received.length, 2);
  });

  test('listens again when a frame is added after all were removed', () => {
    listen(new TestFrame()).controller.abort();
    assert.equal(page.listeners.size, 0);
    const frame = new TestFrame();
    const {received} = listen(frame);
    page.deliver(frame.window, 'hello');
    assert.deepEqual(received, [[ORIGIN, 'hello']]);
  });

  test('posts a message to the window of a frame, for the given origin only', () => {
    const frame = new TestFrame();
    const message = {type: 'meshes:auth', token: 't1'} as const;
    windowPort.post(frame, message, ORIGIN);
    assert.deepEqual(frame.posts, [[message, ORIGIN]]);
  });

  test('posts nothing to a frame that is not in the document', () => {
    const frame = new TestFrame();
    frame.inDocument = false;
    windowPort.post(frame, {type: 'meshes:auth', token: 't1'}, ORIGIN);
    assert.deepEqual(frame.posts, []);
  });
});
