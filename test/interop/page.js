/** What the pages with the controls share: the log of events, and mounting. The checks in checks.ts read and press both. */

export const EVENTS = [
  'meshes-state-change',
  'meshes-ready',
  'meshes-navigate',
  'meshes-resize',
  'meshes-token-refresh',
  'meshes-token-expired',
  'meshes-error',
  'meshes-warning',
];

export const record = ({type, detail}) => {
  globalThis.events.push({type, detail: {...detail}});
};
globalThis.events = [];

/** Whether the page is the one with two routes. A server has no location. */
export const keeps = globalThis.location?.search === '?keep';

/** The methods of the element reject where it fails, which its view and its events tell already. */
export const call = promise => promise.catch(() => {});

/** @param {() => () => void} mount answers what unmounts */
export function mountable(mount) {
  const {document} = globalThis;
  let unmount = mount();
  const button = (id, press) => {
    const element = document.createElement('button');
    element.id = id;
    element.textContent = id;
    element.addEventListener('click', press);
    document.body.prepend(element);
  };
  button('mount', () => (unmount = mount()));
  button('unmount', () => unmount());
}
