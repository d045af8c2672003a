import 'meshes-workspace';

// A script of a page runs once, and this event fires after each navigation.
document.addEventListener('astro:page-load', () => {
  const workspace = document.querySelector('meshes-workspace');
  if (!workspace) return;
  workspace.requestHeaders = {'X-Requested-With': 'meshes-workspace'};
  workspace.addEventListener('meshes-navigate', event => {
    document.querySelector('output')!.textContent = event.detail.path;
  });
  workspace.deferHydration = false;
});
