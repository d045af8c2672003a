import {expect} from '@open-wc/testing';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);

async function sized(properties: Parameters<typeof createWorkspace>[0] = {}) {
  const workspace = createWorkspace({
    sessionProvider: {mint: () => sessionAnswer()},
    ...properties,
  });
  await workspace.hears(1);
  const resized = async (height: unknown) => {
    const after = workspace.events.length;
    workspace.say({type: 'meshes:resize', height});
    return (await workspace.event('meshes-resize', after)).detail;
  };
  const height = () => workspace.frame()!.getBoundingClientRect().height;
  return {...workspace, resized, height};
}

describe('the height of the frame', () => {
  it('shows the frame at the minimum height until the content sends its height', async () => {
    const {height} = await sized();
    expect(height()).to.equal(480);
  });

  it('follows the height of the content, rounded up, between minimum and maximum', async () => {
    const {resized, height, element} = await sized({minHeight: 300, maxHeight: 1000});
    expect(await resized(842.2)).to.deep.equal({height: 843, contentHeight: 842.2});
    expect(height()).to.equal(843);
    expect(await resized(1e9)).to.deep.equal({height: 1000, contentHeight: 1e9});
    expect(height()).to.equal(1000);
    expect(await resized(0)).to.deep.equal({height: 300, contentHeight: 0});
    expect(height()).to.equal(300);
    await resized(2000);
    element.maxHeight = 1500;
    await element.updateComplete;
    expect(height()).to.equal(1500);
  });

  it('ignores a message whose height is not valid', async () => {
    const {say, resized, events} = await sized();
    for (const height of [
      NaN,
      Infinity,
      -Infinity,
      -1,
      '600',
      null,
      undefined,
      [600],
      {},
      true,
      600n,
    ]) {
      say({type: 'meshes:resize', height});
    }
    say({type: 'meshes:resize'});
    await resized(700);
    const heights = events.filter(({type}) => type === 'meshes-resize');
    expect(heights.map(({detail}) => detail.contentHeight)).to.deep.equal([700]);
  });

  it('writes the height once per animation frame, however many messages arrive', async () => {
    const {command, event, events, frame} = await sized();
    let writes = 0;
    const observer = new MutationObserver(records => (writes += records.length));
    observer.observe(frame()!, {attributes: true, attributeFilter: ['style']});
    command({fixture: 'burst', from: 500, to: 1499});
    while (!events.some(({detail}) => detail.contentHeight === 1499)) {
      await event('meshes-resize', events.length);
    }
    const frames = events.filter(({type}) => type === 'meshes-resize').length;
    expect(frames).to.be.lessThan(100);
    expect(writes).to.be.at.most(frames);
    expect(frame()!.style.height).to.equal('1499px');
    observer.disconnect();
  });

  it('leaves the height to the host page if it cancels the event', async () => {
    const {element, resized, height} = await sized();
    element.addEventListener('meshes-resize', event => event.preventDefault());
    await resized(900);
    expect(height()).to.equal(480);
  });

  it('fills the element with fit="fill", and only reports the content height', async () => {
    const {element, resized, height} = await sized({fit: 'fill'});
    expect(height()).to.equal(480);
    element.style.height = '333px';
    expect(height()).to.equal(333);
    expect(await resized(900)).to.deep.equal({height: 333, contentHeight: 900});
    expect(height()).to.equal(333);
    element.fit = 'content';
    element.style.height = '';
    await element.updateComplete;
    expect(height()).to.equal(900);
  });

  it('adds nothing to a page that it fills: no scrollbar appears', async () => {
    const page = document.createElement('div');
    page.style.cssText = 'height: 300px; overflow: auto';
    document.body.append(page);
    try {
      const {element} = await sized({fit: 'fill'});
      element.style.height = '100%';
      page.append(element);
      expect(page.scrollHeight).to.equal(300);
    } finally {
      page.remove();
    }
  });

  it('ends at the final height of content that grows in an animation', async () => {
    const {command, event, events, height} = await sized();
    command({fixture: 'animate', from: 500, to: 900, steps: 40});
    while (!events.some(({detail}) => detail.contentHeight === 900)) {
      await event('meshes-resize', events.length);
    }
    expect(height()).to.equal(900);
    expect(events.map(({type}) => type)).not.to.include('meshes-warning');
  });

  it('holds the height of a frame whose growth causes more growth', async () => {
    const {frame, say, event, element, height} = await sized();
    // Content of 100vh and a pixel: each height that is applied asks for the next one.
    const grow = () => say({type: 'meshes:resize', height: frame()!.offsetHeight + 1});
    const resize = new ResizeObserver(grow);
    resize.observe(frame()!);
    const {detail} = await event('meshes-warning');
    expect(detail.code).to.equal('resize_loop');
    resize.disconnect();
    // How far it came is a matter of how fast the machine is. From here on it does not grow.
    const held = height();
    const heard = new Promise(resolve => addEventListener('message', resolve, {once: true}));
    grow();
    await heard;
    await new Promise(requestAnimationFrame);
    expect(height()).to.equal(held);
    expect(element.state).to.equal('ready');
  });
});
