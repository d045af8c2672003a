export default defineNuxtConfig({
  vue: {compilerOptions: {isCustomElement: tag => tag === 'meshes-workspace'}},
});
