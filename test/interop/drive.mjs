/** Holds one check against one page of an application, in a browser. */
import {startSite} from '../e2e/site.js';

const CHECK_TIMEOUT_MS = 30_000;
/** What development builds say of themselves. */
const GREETINGS = /: Lit is in dev mode/;

/** Answers what went wrong, if anything did. */
export async function attempt({browser, emulator, pages, start, check, late}) {
  await fetch(`${emulator.apiOrigin}/__emulator/reset`, {method: 'POST'});
  const site = await startSite(emulator, pages);
  const context = await browser.newContext();
  const messages = [];
  const allowed = [];
  context.on('console', message => {
    const type = message.type();
    const text = `${type}: ${message.text()}`;
    if (/^(error|warning)/.test(text) && !GREETINGS.test(text)) messages.push(text);
  });
  context.on('weberror', webError => messages.push(`uncaught: ${webError.error().message}`));
  let timer;
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(CHECK_TIMEOUT_MS / 3);
    await page.addInitScript(keepFirst);
    if (late) await page.addInitScript(holdDefinition);
    // Each check waits for what it needs; `load` waits for the frames, too.
    await page.goto(`${site.origin}${start}`, {waitUntil: 'domcontentloaded'});
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
    if (messages.length > 0) error.stack += `\nThe console says: ${messages.join('\n')}`;
    return error;
  } finally {
    clearTimeout(timer);
    await context.close();
    await site.close();
  }
}

/** Runs in the page before its scripts: remembers the first tag, which hydration should leave in its place. */
function keepFirst() {
  const {document, MutationObserver} = globalThis;
  const observer = new MutationObserver(() => {
    globalThis.firstWorkspace = document.querySelector('meshes-workspace');
    if (globalThis.firstWorkspace) observer.disconnect();
  });
  observer.observe(document, {childList: true, subtree: true});
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
