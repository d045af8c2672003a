/**
 * Starts WebKitWebDriver, on a display of its own where there is none, or safaridriver, and says how webdriverio gets to
 * it.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {freePort} from './free-port.mjs';

const START_TIMEOUT_MS = 15_000;

/**
 * @param {{driver: string, miniBrowser?: string}} webkit as `findBrowsers().webkit` gives it; Safari has no `miniBrowser`
 * @returns options for webdriverio's `remote()`; the processes end with this one
 */
export async function startWebKitDriver({driver, miniBrowser}) {
  const children = [];
  process.on('exit', () => children.reverse().forEach(child => child.kill()));

  const env = {...process.env};
  if (miniBrowser) {
    env.XDG_CONFIG_HOME = reduceMotion();
    if (!env.DISPLAY) {
      const display = await startDisplay();
      children.push(display.child);
      env.DISPLAY = display.name;
    }
  }
  const port = await freePort();
  const child = spawn(driver, ['-p', String(port)], {env, stdio: 'ignore'});
  children.push(child);
  child.unref();
  await accepting(port);

  return {
    automationProtocol: 'webdriver',
    logLevel: 'error',
    hostname: '127.0.0.1',
    port,
    path: '/',
    capabilities: {
      ...(miniBrowser ? miniBrowserCapabilities(miniBrowser) : {browserName: 'safari'}),
      'wdio:enforceWebDriverClassic': true,
    },
  };
}

const miniBrowserCapabilities = binary => ({
  browserName: 'MiniBrowser',
  'webkitgtk:browserOptions': {
    binary,
    args: ['--automation', '--javascript-can-open-windows-automatically=true'],
  },
});

/** GTK's setting behind `prefers-reduced-motion`, in a folder that lasts as long as this process. */
function reduceMotion() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-gtk-'));
  mkdirSync(path.join(folder, 'gtk-3.0'));
  writeFileSync(path.join(folder, 'gtk-3.0/settings.ini'), '[Settings]\ngtk-enable-animations=0\n');
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Xvfb chooses a free display by itself and writes its number to the file descriptor of `-displayfd`. */
async function startDisplay() {
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, {stdio: ['ignore', 'ignore', 'ignore', 'pipe']});
  const number = await new Promise((resolve, reject) => {
    let text = '';
    child.stdio[3].on('data', chunk => {
      text += chunk;
      // The number and the newline come in separate writes.
      if (text.endsWith('\n')) resolve(text.trim());
    });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`Xvfb ended with code ${code}`)));
  });
  child.stdio[3].destroy();
  child.unref();
  return {child, name: `:${number}`};
}

async function accepting(port) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const socket = net.connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await delay(50);
  }
  throw new Error(`The driver did not listen on port ${port} within ${START_TIMEOUT_MS} ms`);
}
