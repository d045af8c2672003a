import {call, EVENTS, mountable, record} from '../../page.js';

const {document} = globalThis;

function element(name, properties = {}, ...children) {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

function createWorkspace() {
  const workspace = element(
    'meshes-workspace',
    {requestHeaders: {'x-render': '1'}},
    element('p', {slot: 'loading'}, 'Getting ready'),
    element('p', {slot: 'error'}, 'That did not work'),
  );
  workspace.setAttribute('token-endpoint', '/api/meshes/session');
  workspace.setAttribute('refresh-endpoint', '/api/meshes/session/refresh');
  for (const type of EVENTS) workspace.addEventListener(type, record);
  return workspace;
}

mountable(() => {
  let workspace = createWorkspace();
  const place = element('div', {}, workspace);
  const list = element('div', {}, place, element('div', {}, element('p', {id: 'note'}, 'A note')));
  const toggle = () => {
    if (workspace.isConnected) return workspace.remove();
    workspace = createWorkspace();
    place.append(workspace);
  };
  const buttons = {
    toggle,
    // The same element again.
    'keep-alive': () => (workspace.isConnected ? workspace.remove() : place.append(workspace)),
    reorder: () => list.prepend(list.lastChild),
    refresh: () => call(workspace.refresh()),
    reload: () => call(workspace.reload()),
    'debug-true': () => (workspace.debug = true),
    'debug-false': () => (workspace.debug = false),
    'debug-unset': () => (workspace.debug = undefined),
    headers: () => (workspace.requestHeaders = {'x-render': '2'}),
  };
  const controls = Object.entries(buttons).map(([id, onclick]) =>
    element('button', {id, onclick}, id),
  );
  const app = document.querySelector('#app');
  app.replaceChildren(...controls, list);
  return () => app.replaceChildren();
});
