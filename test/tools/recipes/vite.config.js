import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import {defineConfig} from 'vite';

const dist = path.resolve(import.meta.dirname, '../../../dist');

export default defineConfig({
  plugins: [
    vue({template: {compilerOptions: {isCustomElement: tag => tag === 'meshes-workspace'}}}),
  ],
  resolve: {
    // The built package, so that the specs of several workers need no copy of it.
    alias: [
      {find: /^meshes-workspace$/, replacement: `${dist}/define.js`},
      {find: 'meshes-workspace/react', replacement: `${dist}/react.js`},
    ],
    dedupe: ['react'],
  },
  build: {emptyOutDir: true},
  logLevel: 'warn',
});
