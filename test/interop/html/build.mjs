/** There is nothing to compile: the pages are served as they are, beside the files for CDNs. */
import {cpSync, rmSync} from 'node:fs';

const built = 'node_modules/.built';
rmSync(built, {recursive: true, force: true});
for (const page of ['index.html', 'module.html', 'checks'])
  cpSync(page, `${built}/${page}`, {recursive: true});
cpSync('../page.js', `${built}/page.js`);
cpSync('node_modules/meshes-workspace/dist/cdn', `${built}/cdn`, {recursive: true});
