import {launchPageOf} from 'meshes-workspace';

const showInAddress = (page: string | null) =>
  history.replaceState(null, '', page ? `?page=${page}` : location.pathname);

const workspace = document.createElement('meshes-workspace');
workspace.tokenEndpoint = '/api/meshes/session';
workspace.launchPage = launchPageOf(new URLSearchParams(location.search).get('page'));
workspace.addEventListener('meshes-navigate', ({detail}) => showInAddress(detail.page));
document.querySelector('main')!.append(workspace);

document.querySelector('#rules-link')!.addEventListener('click', event => {
  event.preventDefault();
  showInAddress('rules');
  void workspace.open('rules');
});
