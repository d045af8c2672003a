import {MeshesWorkspaceElement} from 'meshes-workspace';
import {de} from 'meshes-workspace/strings/de';
import {fr} from 'meshes-workspace/strings/fr';
import {showStates} from './show-states.js';
import {showViews} from './show-views.js';
import {arabic} from './texts/arabic.js';

const {lang} = document.querySelector<HTMLElement>('.gallery')!;
// Missing texts stay English.
MeshesWorkspaceElement.strings = {de, fr, ar: arabic}[lang] ?? {};

showStates();
showViews();
