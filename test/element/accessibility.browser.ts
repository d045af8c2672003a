import {expect} from '@open-wc/testing';
import {MeshesError} from '../../src/element/index.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

afterEach(cleanUp);

/** Each view, and how an element gets there. */
const VIEWS: Record<string, (parent?: HTMLElement) => Promise<Workspace>> = {
  minting: async parent => {
    const workspace = createWorkspace(
      {sessionProvider: {mint: () => new Promise(() => {})}},
      {parent},
    );
    await workspace.reaches('minting');
    return workspace;
  },
  ready: async parent => {
    const workspace = createWorkspace({sessionProvider: {mint: () => sessionAnswer()}}, {parent});
    await workspace.reaches('ready');
    return workspace;
  },
  failed: async parent => {
    const error = new MeshesError('endpoint_unauthorized', 'mint', 'Signed out.');
    const workspace = createWorkspace(
      {sessionProvider: {mint: () => Promise.reject(error)}},
      {parent},
    );
    await workspace.reaches('failed');
    return workspace;
  },
  expired: async parent => {
    const refresh = () => Promise.reject(new MeshesError('session_revoked', 'refresh', 'Revoked.'));
    const workspace = createWorkspace(
      {sessionProvider: {mint: () => sessionAnswer(), refresh}},
      {parent},
    );
    await workspace.reaches('ready');
    await workspace.element.refresh().catch(() => {});
    await workspace.reaches('expired');
    return workspace;
  },
};

describe('each view', () => {
  for (const scheme of ['light', 'dark']) {
    for (const [name, show] of Object.entries(VIEWS)) {
      it(`passes axe, contrast included: ${name}, ${scheme}`, async () => {
        document.documentElement.style.colorScheme = scheme;
        document.documentElement.style.background = 'Canvas';
        const {element} = await show();
        await expect(element).to.be.accessible();
        document.documentElement.removeAttribute('style');
      });
    }
  }

  it('would not pass with a text that is hard to read', async () => {
    const {element} = await VIEWS.failed!();
    element.style.setProperty('--meshes-workspace-muted', '#bbb');
    await expect(element).not.to.be.accessible();
  });

  it('keeps within 320 px, right to left too', async () => {
    for (const direction of ['ltr', 'rtl']) {
      const page = document.createElement('div');
      page.dir = direction;
      page.style.inlineSize = '320px';
      document.body.append(page);
      for (const show of [VIEWS.failed!, VIEWS.expired!]) {
        const {element} = await show(page);
        const {left, right} = element.shadowRoot!.querySelector('.card')!.getBoundingClientRect();
        const box = page.getBoundingClientRect();
        expect(left).to.be.at.least(box.left);
        expect(right).to.be.at.most(box.right);
        expect(element.scrollWidth).to.equal(320);
      }
      page.remove();
    }
  });

  it('names what it is, without an attribute on the element', async () => {
    const workspace = await VIEWS.ready!();
    expect(workspace.frame()!.title).to.equal('Meshes workspace');
    expect(workspace.element.getAttributeNames()).to.be.empty;
    const region = workspace.element.shadowRoot!.querySelector('[role=status]')!;
    expect(region.getAttribute('aria-live')).to.equal('polite');
  });
});
