export default defineNuxtConfig({
  css: ['meshes-workspace/styles.css'],
  vue: {compilerOptions: {isCustomElement: tag => tag === 'meshes-workspace'}},
});
