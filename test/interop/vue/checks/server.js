import {createSSRApp} from 'vue';
import {renderToString} from 'vue/server-renderer';
import Checks from './Checks.vue';

export const render = async () => ({body: await renderToString(createSSRApp(Checks))});
