import type {MeshesWorkspaceElement} from 'meshes-workspace';

/** Writes the page of the frame into the URL of this page, so that a reload or a link opens it again. */
export const followFrame = (workspace: MeshesWorkspaceElement): void => {
  workspace.addEventListener('meshes-navigate', ({detail: {page}}) => {
    const url = new URL(location.href);
    if (page) url.searchParams.set('page', page);
    else url.searchParams.delete('page');
    // The frame has added a history entry. With a second one, Back would take two clicks.
    history.replaceState(null, '', url);
  });
};
