import {MeshesWorkspaceElement} from 'meshes-workspace';
import {showStates} from './show-states.js';
import {showViews} from './show-views.js';
import {arabic} from './texts/arabic.js';
import {french} from './texts/french.js';
import {german} from './texts/german.js';

const {lang} = document.querySelector<HTMLElement>('.gallery')!;
// What a language leaves out stays English.
MeshesWorkspaceElement.strings = {en: {}, de: german, fr: french, ar: arabic}[lang] ?? {};

showStates();
showViews();
