/** English texts, the default of `MeshesWorkspaceElement.strings`. */
export {ENGLISH as en} from '../element/strings.js';
