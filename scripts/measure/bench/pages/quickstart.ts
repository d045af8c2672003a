import {mint} from './hand-written.js';

/* What a page with hand-written code loads, and nothing else: its size and its time are measured. */
Object.assign(globalThis, {mint});
