/**
 * Finds the browsers that the tests can run in, and installs them where it may.
 *
 * Each engine is Playwright's own build where `npx playwright install` has put one. Otherwise it is a browser of the system: Chromium
 * or Chrome, Firefox over WebDriver BiDi, WebKitGTK's MiniBrowser over WebKitWebDriver. With `SAFARI=1` on macOS, WebKit is Safari
 * over safaridriver.
 */
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {chromium, firefox, webkit} from 'playwright';
import {aptInstall, isDebianRoot, runCommand} from './apt.mjs';

export const ENGINES = ['chromium', 'firefox', 'webkit'];

const DEBIAN_PACKAGES = {
  chromium: ['chromium'],
  firefox: ['firefox-esr'],
  webkit: ['webkit2gtk-driver', 'xvfb', 'xauth'],
};

const SYSTEM_CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const SYSTEM_FIREFOX = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

function ownBuildExists(browserType) {
  try {
    return existsSync(browserType.executablePath());
  } catch {
    return false;
  }
}

const firstExisting = paths => paths.find(candidate => candidate && existsSync(candidate));

/** `undefined`, or what to hand to Playwright: `{channel?, launchOptions}`. */
function findChromium() {
  if (!process.env.CHROME_PATH && ownBuildExists(chromium)) return {launchOptions: {}};
  const executablePath = firstExisting([process.env.CHROME_PATH, ...SYSTEM_CHROMIUM]);
  // A system browser phones home where Playwright's own build does not: keep it quiet.
  const args = ['--disable-gpu', '--disable-quic', '--disable-background-networking'];
  return executablePath && {launchOptions: {executablePath, args}};
}

function findFirefox() {
  if (!process.env.FIREFOX_PATH && ownBuildExists(firefox)) return {launchOptions: {}};
  const executablePath = firstExisting([process.env.FIREFOX_PATH, ...SYSTEM_FIREFOX]);
  return (
    executablePath && {
      channel: 'moz-firefox',
      launchOptions: {
        executablePath,
        // Over BiDi, input does not reach a frame in another process: keep the frames in one.
        firefoxUserPrefs: {'fission.webContentIsolationStrategy': 0},
      },
    }
  );
}

/** `{launchOptions}` for Playwright's own build, `{driver, miniBrowser}` for WebKitGTK, `{driver}` for Safari, or `undefined`. */
function findWebKit() {
  // Only on request: it must be allowed once, by `sudo safaridriver --enable`, and takes over the screen.
  if (process.env.SAFARI) {
    const driver = firstExisting(['/usr/bin/safaridriver']);
    return driver && {driver};
  }
  if (ownBuildExists(webkit)) return {launchOptions: {}};
  const driver = firstExisting(['/usr/bin/WebKitWebDriver']);
  const miniBrowser = firstExisting(
    ['/usr/lib', '/usr/libexec'].flatMap(root => webKitFolders(root)),
  );
  const display = process.env.DISPLAY || existsSync('/usr/bin/Xvfb');
  return driver && miniBrowser && display ? {driver, miniBrowser} : undefined;
}

/** Candidates for MiniBrowser: `/usr/lib/<triplet>/webkit2gtk-4.1/MiniBrowser` on Debian, without the triplet elsewhere. */
function webKitFolders(root) {
  const folders = existsSync(root) ? readdirSync(root) : [];
  const versions = ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'];
  return ['', ...folders.filter(name => name.includes('-linux-'))].flatMap(triplet =>
    versions.map(version => path.join(root, triplet, version, 'MiniBrowser')),
  );
}

/** The engines that can run here: `{chromium?, firefox?, webkit?}`. */
export function findBrowsers() {
  const found = {chromium: findChromium(), firefox: findFirefox(), webkit: findWebKit()};
  return Object.fromEntries(Object.entries(found).filter(([, browser]) => browser));
}

/** Installs the named engines, as far as it can. Says what it does; look with {@link findBrowsers} for what came of it. */
export function installBrowsers(engines) {
  const missing = () => engines.filter(engine => !findBrowsers()[engine]);
  const ways = isDebianRoot() ? [debianInstall, playwrightInstall] : [playwrightInstall];
  for (const install of ways) {
    if (missing().length > 0) install(missing());
  }
}

/** Advice for browsers that {@link installBrowsers} could not install. */
export function installAdvice(engines) {
  return [
    `No browser found for: ${engines.join(', ')}. Do one of these:`,
    `  npx playwright install --with-deps ${engines.join(' ')}`,
    `  as root on Debian: apt-get install -y --no-install-recommends ${debianPackages(engines).join(' ')}`,
    '  set CHROME_PATH or FIREFOX_PATH to the executable of an installed browser',
  ].join('\n');
}

const debianPackages = engines => engines.flatMap(engine => DEBIAN_PACKAGES[engine]);
const debianInstall = engines => aptInstall(debianPackages(engines));

function playwrightInstall(engines) {
  const install = options => runCommand('npx', ['playwright', 'install', ...options, ...engines]);
  // The system libraries need root, or sudo without a password as CI services have it.
  const mayInstallLibraries = process.env.CI || process.getuid?.() === 0;
  if (!mayInstallLibraries || !install(['--with-deps'])) install([]);
}
