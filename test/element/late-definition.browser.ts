import {expect} from '@open-wc/testing';

/*
 * The package's stylesheet, before the element is defined and after it. Nothing may import the element here: the definition
 * comes in the middle, once for this page.
 */

const LOADING = '<p slot="loading">Getting ready</p>';
const CHILDREN = `${LOADING}<p slot="error">Failed</p><p slot="expired">Expired</p>`;
// Without typed attr() the stylesheet knows the default alone.
const minimum = CSS.supports('width', 'calc(attr(x type(<number>), 1) * 1px)') ? 600 : 480;

const page = document.createElement('main');
page.innerHTML = `
  <meshes-workspace></meshes-workspace><hr />
  <meshes-workspace>${CHILDREN}</meshes-workspace><hr />
  <meshes-workspace min-height="${minimum}">${CHILDREN}</meshes-workspace><hr />
  <meshes-workspace fit="fill"></meshes-workspace><hr />
  <meshes-workspace fit="fill" style="height: 200px">${CHILDREN}</meshes-workspace><hr />
  <meshes-workspace hidden></meshes-workspace><hr />`;
const elements = [...page.querySelectorAll('meshes-workspace')];

/** Where what follows each element is, and what shows of their children. */
const layout = () => ({
  lines: [...page.querySelectorAll('hr')].map(line => line.getBoundingClientRect().top),
  loading: [...page.querySelectorAll('[slot="loading"]')].map(
    child => child.getBoundingClientRect().top,
  ),
  later: [...page.querySelectorAll('[slot="error"], [slot="expired"]')].filter(child =>
    child.checkVisibility(),
  ).length,
});

it('the page does not shift or flash when the element is defined late, with the stylesheet', async () => {
  document.body.append(page);
  for (const element of elements) {
    // Never answers: it is still loading when it is looked at.
    Object.assign(element, {sessionProvider: {mint: () => new Promise(() => {})}});
  }
  const bare = layout();

  const link = document.createElement('link');
  const loaded = new Promise(resolve => link.addEventListener('load', resolve));
  link.rel = 'stylesheet';
  link.href = new URL('../../src/styles.css', import.meta.url).href;
  document.head.append(link);
  await loaded;
  expect(elements.some(element => element.matches(':defined'))).to.equal(false);
  const early = layout();
  expect(bare).not.to.deep.equal(early);
  expect(early.later).to.equal(0);

  await import('../../src/define.js');
  await Promise.all(elements.map(element => element.updateComplete));
  expect(elements.map(({state}) => state)).to.include('minting');
  expect(layout()).to.deep.equal(early);
  page.remove();
});
