import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {MeshesError, type MeshesErrorCode, type MeshesErrorPhase} from '../../src/errors.js';
import {
  isLoopback,
  isSecureUrl,
  type LaunchRules,
  parseLaunchUrl,
  parseOrigins,
  parseUrl,
} from '../../src/frame/launch-url.js';
import {GENUINE, LOOK_ALIKES, OTHER_SPELLINGS} from '../support/look-alikes.js';

const PAGE = 'https://host.example';
const CANARY = 'CaNaRy9f3b';
const RULES: LaunchRules = {pageOrigin: PAGE, pinned: []};
/** These name a loopback host, and yet they do not stay on this machine, or they are scripts. */
const SCHEMES_ON_LOOPBACK = [
  'javascript://localhost/%0Aalert(1)',
  'JavaScript://localhost/%0Aalert(1)',
  'javascript://127.0.0.1/%0Aalert(1)',
  'javascript://[::1]/%0Aalert(1)',
  'data://localhost/,x',
  'vbscript://localhost/x',
  'ftp://localhost/x',
  'ws://localhost/x',
  'wss://127.0.0.1/x',
  'file://localhost/etc/passwd',
  'blob:http://localhost/00000000-0000-4000-8000-000000000000',
  'view-source:http://localhost/x',
  'chrome://localhost/x',
  'other://localhost/x',
];
const PINNED: LaunchRules = {...RULES, pinned: [GENUINE]};

const launchOrigin = (url: string, rules: LaunchRules) => parseLaunchUrl(url, rules, 'mint').origin;

/** The code a launch URL is refused with; null where it is taken. Its message quotes no query. */
function refusal(
  url: string,
  rules = RULES,
  phase: MeshesErrorPhase = 'mint',
): MeshesErrorCode | null {
  try {
    parseLaunchUrl(url, rules, phase);
    return null;
  } catch (error) {
    assert.ok(error instanceof MeshesError, String(error));
    assert.equal(error.phase, phase);
    assert.equal(error.retryable, false);
    assert.ok(!error.message.includes(CANARY), error.message);
    return error.code;
  }
}

describe('the origin of a launch URL', () => {
  const good: [url: string, origin: string][] = [
    [`https://embed.meshes.io/workspace/dashboard?launch=${CANARY}`, 'https://embed.meshes.io'],
    ['https://embed.meshes.io', 'https://embed.meshes.io'],
    ['https://embed.meshes.io:8443/x', 'https://embed.meshes.io:8443'],
    ['https://192.0.2.1/x', 'https://192.0.2.1'],
    ['https://[2001:db8::1]/x', 'https://[2001:db8::1]'],
    ['https://bücher.example/x', 'https://xn--bcher-kva.example'],
    ['http://127.0.0.1:4601/x', 'http://127.0.0.1:4601'],
  ];
  for (const [url, origin] of good) {
    test(`reads the launch origin ${origin} from ${url.slice(0, 40)}`, () =>
      assert.equal(launchOrigin(url, RULES), origin));
  }

  const insecure = [
    'http://embed.meshes.io/x',
    'http://192.168.0.1/x',
    'ftp://embed.meshes.io/x',
    'ws://embed.meshes.io/x',
    'wss://embed.meshes.io/x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://embed.meshes.io/00000000-0000-4000-8000-000000000000',
    'filesystem:https://embed.meshes.io/temporary/x',
    'about:blank',
    'about:srcdoc',
    'https://user@embed.meshes.io/x',
    `https://user:${CANARY}@embed.meshes.io/x`,
    'https://:password@embed.meshes.io/x',
    'http://user@localhost/x',
    ...SCHEMES_ON_LOOPBACK,
    '',
    ' ',
    '/workspace/dashboard',
    'workspace',
    '?launch=x',
    '//embed.meshes.io/x',
    'embed.meshes.io/x',
    'https://',
    'https://?launch=x',
    'https://[::1',
    'https://a b/x',
    'https://embed.meshes.io:99999/x',
    'null',
  ];
  for (const url of insecure) {
    test(`refuses a launch URL that is not secure: ${JSON.stringify(url.replace(CANARY, 'x'))}`, () =>
      assert.equal(refusal(url), 'insecure_url'));
  }

  test('reports the phase in which a launch URL is refused', () => {
    for (const phase of ['config', 'mint', 'refresh'] as const) {
      assert.equal(refusal('x', RULES, phase), 'insecure_url');
    }
  });
});

test('parses a text that is not a URL as null', () => {
  assert.equal(parseUrl('no URL'), null);
  assert.equal(parseUrl('', 'no base'), null);
  assert.equal(parseUrl('/x', 'https://host.example')?.href, 'https://host.example/x');
});

describe('the origin of the page', () => {
  // prettier-ignore
  const cases: [page: string, url: string, refused: boolean][] = [
    [PAGE, 'https://host.example/workspace', true],
    [PAGE, 'https://HOST.example:443/workspace', true],
    [PAGE, 'https://host.example:8443/workspace', false],
    [PAGE, 'https://embed.host.example/workspace', false],
    [PAGE, 'https://host.example.evil.example/workspace', false],
    ['http://localhost:4600', 'http://localhost:4600/workspace', true],
    ['http://localhost:4600', 'http://localhost:4601/workspace', false],
    ['http://localhost:4600', 'http://127.0.0.1:4600/workspace', false],
    ['http://localhost', 'http://localhost:80/workspace', true],
    ['http://localhost:4600', 'https://localhost:4600/workspace', false],
    ['null', 'https://embed.meshes.io/workspace', false],
  ];
  for (const [pageOrigin, url, refused] of cases) {
    test(`${refused ? 'refuses' : 'accepts'} the launch URL ${url} on the page ${pageOrigin}`, () =>
      assert.equal(refusal(url, {...RULES, pageOrigin}), refused ? 'origin_not_allowed' : null));
  }

  test('refuses a launch URL of the origin of the page even if it is pinned', () =>
    assert.equal(refusal(`${PAGE}/x`, {...RULES, pinned: [PAGE]}), 'origin_not_allowed'));
});

describe('look-alike origins', () => {
  test('the list of look-alike origins has more than 500 entries', () => {
    assert.ok(LOOK_ALIKES.length > 500, String(LOOK_ALIKES.length));
    assert.ok(!LOOK_ALIKES.includes(GENUINE));
  });

  test('accepts none of the look-alike origins with a pin list', () => {
    const accepted = LOOK_ALIKES.flatMap(origin =>
      [origin, `${origin}/workspace?launch=x`].filter(url => refusal(url, PINNED) === null),
    );
    assert.deepEqual(accepted, []);
  });

  test('maps no look-alike origin to the genuine one without a pin list', () => {
    const same = LOOK_ALIKES.filter(origin => {
      try {
        return launchOrigin(`${origin}/x`, RULES) === GENUINE;
      } catch {
        return false;
      }
    });
    assert.deepEqual(same, []);
  });

  test('accepts look-alike origins that are pinned themselves, so only the pin list refuses them', () => {
    const hosts = LOOK_ALIKES.filter(origin => /^https:\/\/[a-z]+\.meshes\.[a-z]+$/.test(origin));
    assert.ok(hosts.length > 100);
    for (const origin of hosts) {
      assert.equal(launchOrigin(`${origin}/x`, {...RULES, pinned: [origin]}), origin);
    }
  });

  for (const spelling of OTHER_SPELLINGS) {
    test(`reads the genuine origin from the spelling ${JSON.stringify(spelling)}`, () =>
      assert.equal(launchOrigin(`${spelling}/workspace`, PINNED), GENUINE));
  }
});

describe('the pin list', () => {
  // prettier-ignore
  const good: [list: string, origins: string[]][] = [
    ['', []],
    ['   ', []],
    ['https://embed.meshes.io', ['https://embed.meshes.io']],
    ['https://embed.meshes.io/', ['https://embed.meshes.io']],
    ['https://Embed.Meshes.io:443', ['https://embed.meshes.io']],
    ['https://a.example https://b.example', ['https://a.example', 'https://b.example']],
    [' \n https://a.example\t\nhttps://b.example:8443 ', ['https://a.example', 'https://b.example:8443']],
    ['http://127.0.0.1:4601 http://localhost:4601', ['http://127.0.0.1:4601', 'http://localhost:4601']],
  ];
  for (const [list, origins] of good) {
    test(`reads the pin list ${JSON.stringify(list)}`, () =>
      assert.deepEqual(parseOrigins(list), origins));
  }

  for (const entry of [
    '*',
    'null',
    "'self'",
    'https:',
    'embed.meshes.io',
    '//embed.meshes.io',
    'https://embed.meshes.io/workspace',
    'https://embed.meshes.io?x',
    'https://embed.meshes.io/?x=1',
    'https://embed.meshes.io#x',
    'https://user@embed.meshes.io',
    'http://embed.meshes.io',
    'ftp://embed.meshes.io',
    'blob:https://embed.meshes.io',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://a.example,https://b.example',
    ...SCHEMES_ON_LOOPBACK,
    'javascript://localhost/',
    'other://localhost',
  ]) {
    test(`refuses a pin list with the entry ${entry}`, () => {
      assert.equal(parseOrigins(entry), null);
      assert.equal(parseOrigins(`https://a.example ${entry}`), null);
    });
  }

  test('accepts each pinned origin, and no other', () => {
    const rules = {...RULES, pinned: ['https://a.example', 'https://b.example']};
    assert.equal(refusal('https://a.example/x', rules), null);
    assert.equal(refusal('https://b.example/x', rules), null);
    assert.equal(refusal('https://c.example/x', rules), 'origin_not_allowed');
    assert.equal(refusal('https://a.example:8443/x', rules), 'origin_not_allowed');
    assert.equal(refusal('http://a.example/x', rules), 'insecure_url');
  });

  test('accepts any origin except that of the page if the pin list is empty', () => {
    assert.equal(refusal('https://any.example/x'), null);
    assert.equal(refusal(`${PAGE}/x`), 'origin_not_allowed');
  });
});

describe('a secure URL', () => {
  for (const url of SCHEMES_ON_LOOPBACK) {
    test(`treats the scheme of ${url} as insecure, although its host is a loopback host`, () =>
      assert.equal(isSecureUrl(new URL(url)), false));
  }
});

describe('loopback hosts', () => {
  const inside = [
    'localhost',
    'LOCALHOST',
    'app.localhost',
    'a.b.c.localhost',
    '127.0.0.1',
    '127.0.0.2',
    '127.255.255.255',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
  ];
  for (const host of inside) {
    test(`counts ${host} as a loopback host`, () => {
      const url = new URL(`http://${host}:8080/`);
      assert.ok(isLoopback(url.hostname));
      assert.ok(isSecureUrl(url));
    });
  }

  const outside = [
    'localhost.example',
    'localhost.evil.example',
    'evillocalhost',
    'evil-localhost',
    'xlocalhost.example',
    'localhosts',
    'local.host',
    'localhost.localdomain',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    '127-0-0-1.example',
    '127.example',
    'evil127.0.0.1.example',
    '126.255.255.255',
    '128.0.0.1',
    '12.7.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '[::]',
    '[::2]',
    '[::1:0]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    'xn--lcalhost-z8a',
    'l\u043ecalhost',
  ];
  for (const host of outside) {
    test(`does not count ${host} as a loopback host`, () => {
      const url = new URL(`http://${host}:8080/`);
      assert.ok(!isLoopback(url.hostname));
      assert.ok(!isSecureUrl(url));
    });
  }
});

test('does not count a longer name that contains a loopback name as loopback', () => {
  for (const name of ['evil127.0.0.1', '1.127.0.0.1', '127.0.0.1.1', 'localhost.', 'x[::1]']) {
    assert.ok(!isLoopback(name), name);
  }
});

test('refuses any text with an error, or reads a secure origin from it', () => {
  const piece = fc.constantFrom(
    'https',
    'http',
    ':',
    '/',
    '\\',
    '@',
    '#',
    '?',
    '.',
    'localhost',
    'embed.meshes.io',
    'evil.example',
    '127.0.0.1',
    'blob:',
    'data:',
    '%00',
    '\t',
    ' ',
    '[::1]',
    ':443',
  );
  const text = fc.oneof(
    fc.webUrl(),
    fc.string({unit: 'binary'}),
    fc.array(piece, {maxLength: 10}).map(pieces => pieces.join('')),
  );
  fc.assert(
    fc.property(text, url => {
      let origin: string;
      try {
        origin = launchOrigin(url, RULES);
      } catch (error) {
        assert.ok(error instanceof MeshesError);
        return;
      }
      assert.notEqual(origin, PAGE);
      assert.match(
        origin,
        /^https:\/\/|^http:\/\/(.+\.)?localhost(:|$)|^http:\/\/127\.|^http:\/\/\[::1\]/,
      );
      assert.equal(launchOrigin(origin, RULES), origin);
    }),
    {numRuns: 10_000},
  );
});
