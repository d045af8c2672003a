/** Run in an application's folder: has its page of controls rendered on a server, as `/checks/rendered.html`. */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const {render} = await import(pathToFileURL(path.resolve('node_modules/.server/server.mjs')));
const {head = '', body} = await render();
const checks = 'node_modules/.built/checks';
const [before, after] = readFileSync(`${checks}/index.html`, 'utf8').split(/(?<=id="app">)/);
writeFileSync(
  `${checks}/rendered.html`,
  `${before.replace('<head>', `<head>${head}`)}${body}${after}`,
);
