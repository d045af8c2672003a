/** What scripts, styles, and tools of the host page do to the element. */
import {expect} from '@open-wc/testing';
import {createEndpoint, pageUrl} from '../support/endpoint.js';
import {
  cleanUp,
  createWorkspace,
  launchUrl,
  sessionAnswer,
  type Workspace,
} from '../support/workspace.js';

afterEach(cleanUp);

async function ready(properties: Parameters<typeof createWorkspace>[0] = {}): Promise<Workspace> {
  const workspace = createWorkspace({
    sessionProvider: {mint: () => sessionAnswer()},
    ...properties,
  });
  await workspace.hears(1);
  return workspace;
}

async function resize(workspace: Workspace, height: number): Promise<void> {
  const after = workspace.events.length;
  workspace.say({type: 'meshes:resize', height});
  await workspace.event('meshes-resize', after);
}

function addStyle(text: string): HTMLStyleElement {
  return document.head.appendChild(
    Object.assign(document.createElement('style'), {textContent: text}),
  );
}

describe('a script of the page that removes the iframe', () => {
  it('makes the element fail, and Retry starts a new session', async () => {
    const workspace = await ready();
    workspace.frame()!.remove();
    const {detail} = await workspace.event('meshes-error');
    expect([detail.code, detail.phase]).to.deep.equal(['config_invalid', 'frame']);
    expect(detail.message).to.include('has removed the iframe');
    await workspace.reaches('failed');
    workspace.button()!.click();
    await workspace.reaches('ready');
  });

  it('it is not reported for a restart or for a removal of the element', async () => {
    const workspace = await ready();
    await workspace.element.reload();
    workspace.element.remove();
    await Promise.resolve();
    expect(workspace.types()).not.to.include('meshes-error');
  });
});

describe('styles of the page', () => {
  it('leave room for the content when the frame has a border and padding', async () => {
    const style = addStyle('meshes-workspace::part(frame) {border: 1px solid; padding: 7px}');
    const workspace = await ready();
    await resize(workspace, 700);
    const frame = workspace.frame()!;
    expect(frame.getBoundingClientRect().height).to.equal(716);
    expect(workspace.events.at(-1)!.detail).to.deep.equal({height: 700, contentHeight: 700});
    await resize(workspace, 900);
    expect(frame.getBoundingClientRect().height).to.equal(916);
    style.remove();
  });

  for (const [name, css] of [
    ['a flex container as the element', 'meshes-workspace {display: flex}'],
    ['a grid as the element', 'meshes-workspace {display: grid}'],
    ['a flex row around the element', '.around {display: flex}'],
    ['a centered grid around the element', '.around {display: grid; place-items: center}'],
    [
      'a centered flex column around the element',
      '.around {display: flex; flex-direction: column; align-items: center}',
    ],
  ] as const) {
    it(`keep the loading view and the frame as wide as the page: ${name}`, async () => {
      const style = addStyle(css);
      const around = document.createElement('div');
      around.className = 'around';
      around.style.width = '700px';
      document.body.append(around);
      const workspace = createWorkspace(
        {sessionProvider: {mint: () => sessionAnswer()}},
        {parent: around},
      );
      await workspace.element.updateComplete;
      const view = workspace.element.shadowRoot!.querySelector('[part=loading]')!;
      expect(view.getBoundingClientRect().width, 'loading view').to.equal(700);
      await workspace.hears(1);
      expect(workspace.frame()!.getBoundingClientRect().width, 'frame').to.equal(700);
      around.remove();
      style.remove();
    });
  }

  it('do not make the element wider than its column', async () => {
    const around = document.createElement('div');
    around.style.cssText = 'display: flex; width: 700px';
    around.innerHTML = '<aside style="flex: none; width: 200px"></aside>';
    document.body.append(around);
    const workspace = createWorkspace(
      {sessionProvider: {mint: () => sessionAnswer()}},
      {parent: around},
    );
    await workspace.hears(1);
    expect(workspace.frame()!.getBoundingClientRect().width).to.equal(500);
    expect(around.scrollWidth).to.equal(700);
    around.remove();
  });
});

describe('a tool that translates the page', () => {
  /** Replaces each text node of the views by an element with another text, as such tools do. */
  function translate(root: ShadowRoot): void {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts.filter(({data}) => data.trim() !== '')) {
      const span = document.createElement('span');
      span.textContent = `«${text.data.trim()}»`;
      text.replaceWith(span);
    }
  }

  it('does not keep the views and the live region from changing', async () => {
    const endpoint = await createEndpoint([{status: 403}, {status: 401}, {json: sessionAnswer()}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    const root = workspace.element.shadowRoot!;
    await workspace.reaches('failed');
    expect(workspace.shown('error')).to.include('endpoint_forbidden');
    translate(root);
    workspace.button()!.click();
    await workspace.changes(() => workspace.shown('error')!.includes('endpoint_unauthorized'));
    expect(workspace.shown('error')).not.to.include('endpoint_forbidden');
    translate(root);
    workspace.button()!.click();
    await workspace.reaches('ready');
    await workspace.changes(
      () => root.querySelector('[role=status]')!.textContent === 'Workspace loaded.',
    );
  });
});

describe('an element in another document', () => {
  async function otherDocument(): Promise<Document> {
    const frame = document.createElement('iframe');
    frame.srcdoc = '<!doctype html><body></body>';
    const loaded = new Promise(resolve => frame.addEventListener('load', resolve, {once: true}));
    document.body.append(frame);
    await loaded;
    return frame.contentDocument!;
  }

  it('fails immediately with an error that says why, and works after it has come back', async () => {
    const other = await otherDocument();
    const workspace = createWorkspace(
      {sessionProvider: {mint: () => sessionAnswer()}},
      {connect: false},
    );
    other.body.append(workspace.element);
    const {detail} = await workspace.event('meshes-error');
    expect(detail.code).to.equal('config_invalid');
    expect(detail.message).to.include('in a document that has not loaded its script');
    document.body.append(workspace.element);
    await workspace.reaches('ready');
    const view = workspace.element.shadowRoot!.querySelector('.workspace')!;
    expect(getComputedStyle(view).display, 'its styles').to.equal('grid');
    other.defaultView!.frameElement!.remove();
  });

  it('fails if it moves there while it is ready', async () => {
    const other = await otherDocument();
    const workspace = await ready();
    other.body.append(workspace.element);
    const {detail} = await workspace.event('meshes-error');
    expect(detail.message).to.include('in a document that has not loaded its script');
    document.body.append(workspace.element);
    await workspace.reaches('ready');
    other.defaultView!.frameElement!.remove();
  });
});

describe('a page in about:srcdoc', () => {
  async function show(attributes: string) {
    const page = document.createElement('iframe');
    page.srcdoc = `<!doctype html><meta name="csrf" content="from-the-page">
      <script src="/dist/cdn/meshes-workspace.iife.min.js"></script>
      <meshes-workspace ${attributes}></meshes-workspace>`;
    const loaded = new Promise(resolve => page.addEventListener('load', resolve, {once: true}));
    document.body.append(page);
    await loaded;
    return {page, element: page.contentDocument!.querySelector('meshes-workspace')!};
  }

  it('it has the origin of its parent: relative endpoints and the CSRF header work', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}]);
    expect(endpoint.url, 'relative').to.match(/^\//);
    const {page, element} = await show(
      `token-endpoint="${endpoint.url}" csrf-meta="csrf" csrf-header="x-csrf-token"`,
    );
    await element.whenReady();
    const [request] = await endpoint.requests();
    expect(request!.headers['x-csrf-token']).to.equal('from-the-page');
    page.remove();
  });

  it('it does not launch a frame on its own origin', async () => {
    const {page, element} = await show(`launch-url="${location.origin}/workspace?launch=1"`);
    const error: unknown = await element.whenReady().catch((reason: unknown) => reason);
    expect(error).to.include({code: 'config_invalid'});
    expect(element.shadowRoot!.querySelector('iframe')).to.equal(null);
    page.remove();
  });
});

describe('a Content-Security-Policy without the Trusted Types policy of a CDN file', () => {
  it('makes the element fail with an error that names the policy, in a plain view', async () => {
    const page = document.createElement('iframe');
    page.src = pageUrl({
      headers: {
        'Content-Security-Policy': "require-trusted-types-for 'script'; trusted-types other",
      },
      body: `<script>addEventListener('meshes-error', () => parent.postMessage('failed', '*'))</script>
        <meshes-workspace token-endpoint="/session"></meshes-workspace>`,
      scripts: ['/dist/cdn/meshes-workspace.iife.min.js'],
    });
    await new Promise<void>(resolve => {
      addEventListener('message', function listen({source, data}) {
        if (source !== page.contentWindow || data !== 'failed') return;
        removeEventListener('message', listen);
        resolve();
      });
      document.body.append(page);
    });
    const element = page.contentDocument!.querySelector('meshes-workspace')!;
    expect(element.error).to.include({code: 'config_invalid'});
    expect(element.error!.message).to.include('meshes-workspace');
    await Promise.resolve();
    const view = element.shadowRoot!.querySelector('slot.plain')!;
    expect(view.textContent).to.include('config_invalid');
    // The margins of the view do not push the element down.
    expect(element.getBoundingClientRect().top).to.equal(view.getBoundingClientRect().top);
    expect(element.offsetTop).to.equal(8);
    page.remove();
  });
});

describe('a library that patches addEventListener and ignores its signal', () => {
  it('leaves no listener of an element that was removed', async () => {
    const prototype = EventTarget.prototype;
    type Method = (this: EventTarget, type: string, listener: EventListener) => void;
    const [add, remove] = ['addEventListener', 'removeEventListener'].map(
      name => Reflect.get(prototype, name) as Method,
    ) as [Method, Method];
    const left = new Map<string, number>();
    const counting = (method: Method, step: number): Method =>
      function (type, listener) {
        const target = this ?? window;
        if (target === document || target === window) {
          left.set(type, (left.get(type) ?? 0) + step);
        }
        method.call(target, type, listener);
      };
    Object.assign(prototype, {
      addEventListener: counting(add, 1),
      removeEventListener: counting(remove, -1),
    });
    try {
      for (let count = 0; count < 3; count += 1) {
        const {element} = await ready();
        element.remove();
      }
    } finally {
      Object.assign(prototype, {addEventListener: add, removeEventListener: remove});
    }
    // The tests listen to messages themselves, once for each element.
    left.delete('message');
    expect(
      [...left.values()].every(count => count === 0),
      JSON.stringify([...left]),
    ).to.equal(true);
    expect(left.size).to.be.greaterThan(3);
  });
});

describe('a page that returns from the back/forward cache', () => {
  it('replaces a frame that was still loading', async () => {
    let minted = 0;
    const workspace = createWorkspace({
      sessionProvider: {
        mint: () => {
          minted += 1;
          return sessionAnswer({launch_url: launchUrl({mute: minted === 1})});
        },
      },
    });
    await workspace.reaches('loading');
    window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
    await workspace.reaches('ready');
    expect(minted).to.equal(2);
  });
});

describe('a frame whose token has expired while the refresh struggles', () => {
  it('it is covered by no view, but a bar and the live region say so until a token comes', async () => {
    const endpoint = await createEndpoint([
      {json: sessionAnswer()},
      {status: 503},
      {json: {access_token: 'token-2'}, hold: true},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.hears(1);
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('reconnecting');
    workspace.say({type: 'meshes:token-expired'});
    const root = workspace.element.shadowRoot!;
    await workspace.changes(() => root.querySelector('.bar') !== null);
    expect(root.querySelector('.bar')!.textContent).to.include('Your session has expired');
    expect(root.querySelector('[role=status]')!.textContent).to.include('Your session has expired');
    const codes = workspace.events.map(({detail}) => detail.code);
    expect(codes).to.include('frame_signed_out');
    await endpoint.requests({atLeast: 3});
    await endpoint.release();
    await workspace.reaches('ready');
    await workspace.changes(() => root.querySelector('.bar') === null);
  });
});

describe('every frame', () => {
  it('it has a name of its own, so that WebKit gives it no history entry of another one', async () => {
    const workspace = await ready();
    const names = [workspace.frame()!.name];
    await workspace.element.reload();
    names.push(workspace.frame()!.name);
    expect(new Set(names).size).to.equal(2);
    expect(names.every(name => name.startsWith('meshes-workspace-'))).to.equal(true);
  });
});

describe('a frame that changes only its fragment', () => {
  /** The delays of the timers that start while `action` runs. */
  async function delaysDuring(action: () => Promise<unknown>): Promise<(number | undefined)[]> {
    const delays: (number | undefined)[] = [];
    const own = window.setTimeout.bind(window);
    window.setTimeout = ((callback: () => void, delay?: number) => {
      delays.push(delay);
      return own(callback, delay);
    }) as typeof setTimeout;
    await action();
    window.setTimeout = own;
    return delays;
  }
  const loadOf = (workspace: Workspace) =>
    new Promise(resolve => workspace.frame()!.addEventListener('load', resolve, {once: true}));
  /** How long a reloaded document has to send a message. */
  const WATCH_MS = 10_000;

  it('does not count as reloaded, though WebKit fires load for it', async () => {
    const workspace = createWorkspace({sessionProvider: {mint: () => sessionAnswer()}});
    await workspace.reaches('loading');
    await loadOf(workspace);
    await workspace.hears(1);

    const fragment = await delaysDuring(async () => {
      const loaded = loadOf(workspace);
      workspace.command({fixture: 'go', url: '#rules'});
      if (navigator.vendor.startsWith('Apple')) await loaded;
      workspace.command({type: 'anything that the frame reports'});
      await workspace.hears(2);
    });
    expect(fragment).not.to.include(WATCH_MS);

    const document = await delaysDuring(async () => {
      const loaded = loadOf(workspace);
      workspace.command({fixture: 'go', url: launchUrl({mute: true})});
      await loaded;
    });
    expect(document, 'another document is watched').to.include(WATCH_MS);
  });
});
