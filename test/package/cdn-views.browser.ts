import {expect} from '@open-wc/testing';
import {render as renderWithLit} from 'lit';
import {render as renderShipped} from '../../scripts/cdn/lit-html.mjs';
import {ENGLISH} from '../../src/element/strings.js';
import {type ShellOptions, shell, type View} from '../../src/element/views.js';
import {MeshesError} from '../../src/errors.js';

/** A sequence of numbers from 0 to 1, the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const VIEWS: readonly View[] = ['loading', 'error', 'expired', 'none'];
const ERRORS = [
  null,
  new MeshesError('config_invalid', 'config', ''),
  new MeshesError('endpoint_network', 'mint', ''),
];
const STRINGS = [ENGLISH, {...ENGLISH, retry: '<b>Nochmal</b>', reload: 'Neu & laden'}];

/** Renders into a container, and counts what its buttons call. */
function createView(render: (value: unknown, container: HTMLElement) => void) {
  const container = document.createElement('div');
  const calls = {retry: 0, reload: 0};
  const nodes = () => [...container.querySelectorAll('*')];
  return {
    calls,
    /** @returns which of the elements are still there, in their order */
    render(options: Omit<ShellOptions, 'onRetry' | 'onReload'>): number[] {
      const before = nodes();
      const onRetry = () => (calls.retry += 1);
      const onReload = () => (calls.reload += 1);
      render(shell({...options, onRetry, onReload}), container);
      return nodes().map(node => before.indexOf(node));
    },
    click: () => container.querySelectorAll('button').forEach(button => button.click()),
    markup: () => container.innerHTML.replace(/<!--.*?-->|\s+(?=<)|(?<=>)\s+/g, ''),
    container,
  };
}

describe('the templates of a CDN file', () => {
  it('render every sequence of views as Lit does', () => {
    const random = createRandom(7);
    const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]!;
    let clicks = 0;
    for (let page = 0; page < 20; page++) {
      const expected = createView(renderWithLit);
      const actual = createView(renderShipped);
      for (let step = 0; step < 25; step++) {
        const options = {
          view: pick(VIEWS),
          busy: pick([true, false]),
          error: pick(ERRORS),
          retrying: pick([true, false]),
          bar: pick([null, 'The workspace is not responding.', '<i>Signed out</i>']),
          status: pick(['', 'Loading']),
          strings: pick(STRINGS),
        };
        const kept = expected.render(options);
        expect(actual.render(options)).to.deep.equal(kept);
        expect(actual.markup()).to.equal(expected.markup());
        expected.click();
        actual.click();
        expect(actual.calls).to.deep.equal(expected.calls);
      }
      clicks += expected.calls.retry + expected.calls.reload;
    }
    expect(clicks).to.be.greaterThan(100);
  });

  it('leave a text alone that a translator has replaced, as Lit does', () => {
    const options = {
      view: 'error',
      busy: true,
      error: ERRORS[2]!,
      retrying: false,
      bar: null,
      status: '',
      strings: ENGLISH,
    } as const;
    for (const view of [createView(renderWithLit), createView(renderShipped)]) {
      view.render(options);
      const title = view.container.querySelector('h2')!;
      title.innerHTML = '<font>Fehler</font>';
      view.render({...options, retrying: true});
      expect(title.innerHTML).to.equal('<font>Fehler</font>');
    }
  });
});
