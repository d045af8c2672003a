/**
 * `npm run test:interop`: builds each application beside this file with its own tool and the packed package, drives it in
 * Chromium against the emulator, and ends with the line `N passed, N failed`.
 *
 *   npm run test:interop                 all of them
 *   npm run test:interop -- vue svelte   only these
 */
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {chromium} from 'playwright';
import {startEmulator} from '../../demo/emulator/index.js';
import {startSite} from '../e2e/site.js';
import {findBrowsers, installAdvice, installBrowsers} from '../support/browsers.mjs';
import {installFramework, installPackage} from '../support/frameworks.mjs';
import {APPS} from './apps.js';
import {CHECKS, DOCUMENTED, EXTRAS} from './checks.js';

const CHECK_TIMEOUT_MS = 30_000;
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const named = process.argv.slice(2);
const unknown = named.filter(name => !APPS.some(app => app.folder === name));
if (unknown.length > 0) {
  console.error(`No such application: ${unknown}. There are ${APPS.map(app => app.folder)}`);
  process.exit(1);
}
const apps = APPS.filter(({folder}) => named.length === 0 || named.includes(folder));

if (!findBrowsers().chromium) installBrowsers(['chromium']);
const found = findBrowsers().chromium;
if (!found) {
  console.error(installAdvice(['chromium']));
  process.exit(1);
}

const browser = await chromium.launch(found.launchOptions);
const results = [];
try {
  for (const app of apps) await runApp(app);
} finally {
  await browser.close();
}
printTable();
const failed = results.filter(({error}) => error !== undefined);
console.log(`\n${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;

async function runApp(app) {
  console.log(`\n── ${app.title}`);
  try {
    build(app);
  } catch (error) {
    record(app, 'builds with its own tool', error);
    return;
  }
  record(app, 'builds with its own tool');
  // Each application has its own: connections that idled while one was built are no longer there.
  const emulator = await startEmulator({apiPort: 0, embedPort: 0});
  try {
    for (const [name, check] of Object.entries(DOCUMENTED)) {
      record(app, name, await attempt(app, emulator, app.documented ?? '/', check, false));
    }
    for (const late of [false, true]) {
      const extras = (app.extras ?? []).map(name => [name, EXTRAS[name]]);
      for (const [name, check] of [...Object.entries(CHECKS), ...extras]) {
        const error = await attempt(app, emulator, app.controls ?? '/checks/', check, late);
        record(app, `${name} (defined ${late ? 'late' : 'early'})`, error);
      }
    }
  } finally {
    await emulator.close();
  }
}

function build({folder}) {
  const directory = path.join(import.meta.dirname, folder);
  if (existsSync(path.join(directory, 'package-lock.json')))
    installFramework(`test/interop/${folder}`);
  installPackage([`test/interop/${folder}`]);
  const {status, stdout, stderr} = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: directory,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`"npm run build" failed in ${directory}\n${stdout}${stderr}`);
}

/** Answers what went wrong, if anything did. */
async function attempt(app, emulator, start, check, late) {
  await fetch(`${emulator.apiOrigin}/__emulator/reset`, {method: 'POST'});
  const built = path.join(import.meta.dirname, app.folder, 'node_modules/.built');
  const site = await startSite(emulator, pathname => serve(built, pathname));
  const context = await browser.newContext();
  const messages = [];
  const allowed = [];
  context.on('console', message => {
    const type = message.type();
    if (type === 'error' || type === 'warning') messages.push(`${type}: ${message.text()}`);
  });
  context.on('weberror', webError => messages.push(`uncaught: ${webError.error().message}`));
  let timer;
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(CHECK_TIMEOUT_MS / 3);
    if (late) await page.addInitScript(holdDefinition);
    await page.goto(`${site.origin}${start}`);
    if (late) await define(page);
    const subject = {
      page,
      site,
      apiOrigin: emulator.apiOrigin,
      allow: pattern => allowed.push(pattern),
    };
    const tooLong = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('It took too long')), CHECK_TIMEOUT_MS);
    });
    await Promise.race([check(subject), tooLong]);
    const unexpected = messages.filter(text => !allowed.some(pattern => pattern.test(text)));
    if (unexpected.length > 0) throw new Error(`The console says: ${unexpected.join('\n')}`);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
    await context.close();
    await site.close();
  }
}

/** Runs in the page before its scripts: the package is there, but its element is not, as if its script came late. */
function holdDefinition() {
  const {define} = globalThis.CustomElementRegistry.prototype;
  globalThis.CustomElementRegistry.prototype.define = function (...args) {
    globalThis.defineHeld = () => define.apply(this, args);
  };
}

/** Only once the application has rendered the tag, and everything that comes with its first render has run. */
async function define(page) {
  await page.waitForFunction(() => {
    const {document, defineHeld} = globalThis;
    return defineHeld && document.querySelector('meshes-workspace:not(:defined)');
  });
  await page.evaluate(async () => {
    await new Promise(resolve => globalThis.requestAnimationFrame(resolve));
    globalThis.defineHeld();
  });
}

function serve(built, pathname) {
  const file = path.join(built, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  if (!file.startsWith(built) || !existsSync(file)) return undefined;
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  return new Response(readFileSync(file), {headers: {'content-type': type}});
}

function record(app, check, error) {
  results.push({app, check, error});
  console.log(`${error === undefined ? '✔' : '✖'} ${check}`);
  if (error !== undefined) console.log(String(error.stack ?? error).replace(/^/gm, '    '));
}

/** Framework × check, as Markdown. */
function printTable() {
  const checks = [...new Set(results.map(({check}) => check))];
  const sign = (app, check) => {
    const result = results.find(candidate => candidate.app === app && candidate.check === check);
    return result ? (result.error === undefined ? '✔' : '✖') : '–';
  };
  const rows = [
    ['', ...apps.map(({title}) => title)],
    ['---', ...apps.map(() => '---')],
    ...checks.map(check => [check, ...apps.map(app => sign(app, check))]),
  ];
  console.log(`\n${rows.map(row => `| ${row.join(' | ')} |`).join('\n')}`);
}
