/** Messages from every window that is not the frame's, each in the words that the frame itself would use. */
import {expect} from '@open-wc/testing';
import {
  arrival,
  arrivals,
  attacker,
  attackingFrame,
  attackPage,
  dismissAttackers,
  otherPortOrigin,
  volley,
  willClose,
} from '../support/attackers.js';
import {crossSiteOrigin} from '../support/endpoint.js';
import {hostEvents, hostPageUrl} from '../support/host-page.js';
import {auth, besieged, counting, expectNothingTold, summary} from '../support/siege.js';
import {cleanUp, createWorkspace} from '../support/workspace.js';

afterEach(cleanUp);
afterEach(dismissAttackers);

const hostile = volley('hostile');

describe('a message', () => {
  it('drops a message from a sibling frame, although its origin is the right one', async () => {
    const {withstands} = await besieged();
    const sibling = await attackingFrame();
    expect(sibling.origin).to.equal(crossSiteOrigin);
    await withstands(5, () => sibling.say(...hostile));
    expectNothingTold(await sibling.told());
  });

  it('drops a message from a frame inside the workspace', async () => {
    const {friend, withstands} = await besieged();
    const {url, role} = attackPage();
    await friend.order({fixture: 'frame', url});
    const child = await attacker(role);
    expect(child.origin).to.equal(crossSiteOrigin);
    await withstands(10, async () => {
      await child.order({fixture: 'say', messages: hostile, to: 'top'});
      await child.order({fixture: 'say', messages: hostile, to: 'parent.parent'});
    });
    expectNothingTold(await child.told());
  });

  it('drops a message from a window that the workspace has opened', async () => {
    const {friend, withstands} = await besieged();
    const {url, role} = attackPage();
    await friend.order({fixture: 'open', url});
    const popup = await attacker(role);
    willClose(popup.window);
    expect(popup.origin).to.equal(crossSiteOrigin);
    await withstands(5, async () => {
      await popup.order({fixture: 'say', messages: hostile, to: 'opener.parent'});
      expectNothingTold(await popup.told());
      // A page behind another window may not paint, and the height is applied at the next paint.
      popup.window.close();
    });
  });

  it('drops a message from the window that opened the host page', async () => {
    const opener = await attackingFrame();
    const {url, role} = attackPage({workspace: true});
    await opener.order({fixture: 'open', url: hostPageUrl({settings: {'launch-url': url}})});
    const friend = await attacker(role);
    const page = friend.window.parent;
    willClose(page);
    const {list, event} = hostEvents(() => page);
    await event('meshes-ready');

    await opener.order({fixture: 'say', messages: hostile, to: 'popup'});
    const {origin} = await event(
      'stranger',
      ({data}) => (data as {height?: number} | null)?.height === 1234,
    );
    expect(origin).to.equal(crossSiteOrigin);
    const messages = [{type: 'meshes:navigate', path: '/friend'}];
    await friend.order({fixture: 'say', messages, to: 'parent'});
    await event('meshes-navigate', ({path}) => path === '/friend');
    expect(
      list()
        .map(({type, detail}) => summary(type, detail))
        .filter(type => !type.startsWith('stranger')),
    ).to.deep.equal([
      'meshes-state-change minting',
      'meshes-state-change loading',
      'meshes-state-change ready',
      'meshes-ready',
      'meshes-navigate /friend',
    ]);
    expectNothingTold(await opener.told());
  });

  it('drops a message from the host page itself', async () => {
    const {withstands} = await besieged();
    await withstands(5, async () => {
      const after = arrivals.length;
      for (const message of hostile) window.postMessage(message, '*');
      await arrival(
        ({source, data}) => source === window && (data as {height?: number}).height === 1234,
        after,
      );
    });
  });

  it('drops a message from the same host on another port', async () => {
    const {withstands} = await besieged();
    const neighbour = await attackingFrame({origin: otherPortOrigin});
    expect(neighbour.origin).to.equal(otherPortOrigin);
    await withstands(5, () => neighbour.say(...hostile));
    expectNothingTold(await neighbour.told());
  });

  it('drops a message from a page with the origin "null"', async () => {
    const {withstands} = await besieged();
    const nobody = await attackingFrame({sandbox: 'allow-scripts'});
    expect(nobody.origin).to.equal('null');
    await withstands(5, () => nobody.say(...hostile));
    expectNothingTold(await nobody.told());
  });

  it('drops a message without a source, even if the frame is gone', async () => {
    const {withstands} = await besieged();
    // Nothing says a word in this one: its frame has been taken away again.
    const failed = createWorkspace({
      readyTimeout: 100,
      sessionProvider: {mint: ({sessionId}) => counting().mint({sessionId})},
      embedOrigin: 'https://embed.meshes.io',
    });
    await failed.reaches('failed');
    expect(failed.frame()).to.equal(null);
    const before = failed.events.length;

    const orphans = () =>
      arrivals.filter(({source, data}) => source === null && (data as {orphan?: boolean}).orphan);
    while (orphans().length === 0) {
      const {url, role} = attackPage();
      const frame = Object.assign(document.createElement('iframe'), {src: url});
      document.body.append(frame);
      const ghost = await attacker(role);
      const after = arrivals.length;
      const messages = hostile.map(message => ({...message, orphan: true}));
      ghost.window.postMessage({fixture: 'say', messages, times: 300}, '*');
      await arrival(({source}) => source === ghost.window, after);
      frame.remove();
      // What the frame has posted comes before what this page posts now, or it is lost with the frame.
      window.postMessage({marker: role}, '*');
      await arrival(({data}) => (data as {marker?: string} | null)?.marker === role);
    }
    expect(orphans()[0]!.origin).to.equal(crossSiteOrigin);
    expect(failed.events.slice(before)).to.deep.equal([]);
    expect(failed.element.state).to.equal('failed');
    await withstands(0, () => Promise.resolve());
  });

  it('answers a message that transfers a port in the frame, and never on the port', async () => {
    const {workspace, friend} = await besieged();
    await friend.order({fixture: 'say', messages: [{type: 'meshes:ready'}], withPort: true});
    expect(await workspace.hears(2)).to.deep.equal([auth(1), auth(1)]);
    expect(await friend.told()).to.deep.equal([auth(1), auth(1)]);
  });

  it('drops a message from an earlier frame of the same workspace', async () => {
    const {workspace, friend} = await besieged();
    const after = arrivals.length;
    const messages = [{type: 'meshes:navigate', path: '/late'}];
    friend.window.postMessage({fixture: 'say', messages, times: 500}, '*');
    await workspace.event('meshes-navigate');
    const ready = workspace.element.reload();
    const before = workspace.events.length;
    await ready;
    await arrival(({source}) => source === workspace.frame()!.contentWindow, after);
    const navigated = workspace.events.slice(before).filter(({type}) => type === 'meshes-navigate');
    expect(navigated).to.deep.equal([]);
    expect(await workspace.hears(2)).to.deep.equal([auth(1), auth(2)]);
  });
});
