import {render as renderToString} from 'svelte/server';
import Checks from './Checks.svelte';

export const render = () => renderToString(Checks);
