import {call, EVENTS, mountable, record} from '../../page.js';

const {document} = globalThis;

function element(name, properties = {}, ...children) {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

function enliven(workspace) {
  workspace.requestHeaders = {'x-render': '1'};
  for (const type of EVENTS) workspace.addEventListener(type, record);
  return workspace;
}

function createWorkspace() {
  const workspace = element(
    'meshes-workspace',
    {},
    element('p', {slot: 'loading'}, 'Getting ready'),
    element('p', {slot: 'error'}, 'That did not work'),
  );
  workspace.setAttribute('token-endpoint', '/api/meshes/session');
  workspace.setAttribute('refresh-endpoint', '/api/meshes/session/refresh');
  return workspace;
}

mountable(() => {
  const app = document.querySelector('#app');
  if (!app.firstElementChild) {
    const note = element('p', {id: 'note'}, 'A note');
    app.append(element('div', {}, createWorkspace()), element('div', {}, note));
  }
  // Or both are in the HTML already.
  let workspace = enliven(app.querySelector('meshes-workspace'));
  const place = workspace.parentElement;
  const toggle = () => {
    if (workspace.isConnected) return workspace.remove();
    workspace = enliven(createWorkspace());
    place.append(workspace);
  };
  const buttons = {
    toggle,
    // The same element again.
    'keep-alive': () => (workspace.isConnected ? workspace.remove() : place.append(workspace)),
    reorder: () => app.prepend(app.lastElementChild),
    refresh: () => call(workspace.refresh()),
    reload: () => call(workspace.reload()),
    'debug-true': () => (workspace.debug = true),
    'debug-false': () => (workspace.debug = false),
    'debug-unset': () => (workspace.debug = undefined),
    headers: () => (workspace.requestHeaders = {'x-render': '2'}),
  };
  const controls = element('p');
  for (const [id, onclick] of Object.entries(buttons))
    controls.append(element('button', {id, onclick}, id));
  app.before(controls);
  return () => {
    controls.remove();
    app.replaceChildren();
  };
});
