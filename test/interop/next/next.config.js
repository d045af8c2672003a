import path from 'node:path';

// What the checks share lies beside this folder.
export default {turbopack: {root: path.dirname(import.meta.dirname)}};
