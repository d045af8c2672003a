import {defineConfig} from 'astro/config';

export default defineConfig({outDir: './node_modules/.built'});
