import {define} from 'meshes-workspace/element';

export default defineNuxtPlugin(({hook}) => {
  hook('app:mounted', () => define());
});
