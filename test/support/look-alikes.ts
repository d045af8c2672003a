/** Origins that look like {@link GENUINE} to a person or to a careless comparison, and are not it. */
export const GENUINE = 'https://embed.meshes.io';

const HOST = 'embed.meshes.io';
const EVIL = 'evil.example';

/** Letters of other scripts, and ASCII, that pass for these. */
const DOUBLES: Record<string, string[]> = {
  b: ['d', '6', 'ь', 'ḃ'],
  d: ['b', 'cl', 'ԁ', 'ḍ'],
  e: ['3', 'c', 'е', 'ė', 'ҽ'],
  h: ['n', 'һ', 'ħ'],
  i: ['1', 'l', 'j', 'і', 'ı', 'í'],
  m: ['n', 'rn', 'м', 'ṃ'],
  o: ['0', 'о', 'ο', 'ọ'],
  s: ['5', 'z', 'ѕ', 'ṣ'],
};

function spelledWrong(): string[] {
  const hosts: string[] = [];
  for (const [index, letter] of Array.from(HOST).entries()) {
    const before = HOST.slice(0, index);
    const after = HOST.slice(index + 1);
    hosts.push(before + letter + letter + after, before + after);
    hosts.push(...(DOUBLES[letter] ?? []).map(double => before + double + after));
    for (const other of 'abcdefghijklmnopqrstuvwxyz0123456789-') {
      if (other !== letter) hosts.push(before + other + after);
    }
    const next = after[0];
    if (next !== undefined && next !== letter) hosts.push(before + next + letter + after.slice(1));
  }
  return hosts;
}

function elsewhere(): string[] {
  const around = ['x', 'evil', '1', '-', 'xn--', '_', 'www', 'embed', 'a.b'];
  return [
    ...around.flatMap(word => [
      `${word}${HOST}`,
      `${word}.${HOST}`,
      `${word}-${HOST}`,
      `${HOST}${word}`,
      `${HOST}.${word}`,
      `${HOST}-${word}`,
    ]),
    ...['com', 'net', 'org', 'app', 'dev', 'co', 'ai', 'io.com', 'i0', 'lo'].map(
      domain => `embed.meshes.${domain}`,
    ),
    ...['api', 'www', 'app', 'events', 'embed2', 'embedded', 'staging', 'localhost'].map(
      name => `${name}.meshes.io`,
    ),
    'meshes.io',
    'embed',
    'embed.meshes',
    'io.meshes.embed',
    'embed-meshes.io',
    'embed.meshes-io',
    'embedmeshes.io',
    'embed.meshesio',
    `${HOST}.`,
    `${HOST}..`,
    `.${HOST}`,
    `${HOST}.${EVIL}`,
    `${EVIL}.${HOST}`,
    '127.0.0.1',
    '[::1]',
    '0.0.0.0',
    'xn--mbed-9nd.meshes.io',
  ];
}

const onOtherPorts = [0, 1, 44, 80, 442, 444, 4430, 8080, 8443, 44343, 65535].map(
  port => `${GENUINE}:${port}`,
);

const inOtherSchemes = [
  ...['http', 'ws', 'wss', 'ftp', 'file', 'httpss', 'https1', 'xhttps', 'chrome-extension'].map(
    scheme => `${scheme}://${HOST}`,
  ),
  ...['blob', 'filesystem', 'view-source', 'feed', 'jar', 'intent', 'about', 'mailto'].map(
    scheme => `${scheme}:${GENUINE}`,
  ),
  `blob:${GENUINE}/00000000-0000-4000-8000-000000000000`,
  `filesystem:${GENUINE}/temporary/x`,
  `data:text/html,${GENUINE}`,
  `javascript:${GENUINE}`,
  `javascript://${HOST}/%0aalert(1)`,
  `//${HOST}`,
  HOST,
  `://${HOST}`,
  `https//${HOST}`,
  'about:blank',
  'about:srcdoc',
];

const withUsers = [
  `https://user@${HOST}`,
  `https://user:password@${HOST}`,
  `https://:password@${HOST}`,
  `https://${HOST}@${HOST}`,
  `https://%20@${HOST}`,
  `https://${HOST}@${EVIL}`,
  `https://${HOST}:443@${EVIL}`,
  `https://${HOST}%40${EVIL}`,
  `https://${HOST}%2f@${EVIL}`,
  `https://${HOST}%00@${EVIL}`,
  `https://${HOST} @${EVIL}`,
];

const cutShort = [
  '/',
  '\\',
  '?',
  '#',
  ':443/',
  '/.',
  '/@',
  '\\@',
  '?@',
  '#@',
  ';',
  '%00',
  '%0a',
  '%2e',
  '\u0000',
  ' ',
  '\u2028',
  '／',
  '＠',
  '⁄',
  '∕',
  '．x',
  ',',
].flatMap(mark => [
  `https://${EVIL}${mark}${HOST}`,
  // A mark that ends the host would leave the genuine one.
  ...(/[/\\?#]/.test(mark) ? [] : [`https://${HOST}${mark}.${EVIL}@${EVIL}`]),
]);

const noOrigins = [
  '',
  ' ',
  'null',
  'undefined',
  '*',
  '/',
  'https:',
  'https://',
  'https://*',
  'https://*.meshes.io',
  'https://[embed.meshes.io]',
  `${GENUINE},${GENUINE}`,
  `${GENUINE} ${GENUINE}`,
  'https://embed\u0000.meshes.io',
  `${GENUINE}\u007f`,
  `${GENUINE}%00`,
  `${GENUINE}%`,
  `${GENUINE}^`,
  `${GENUINE}|`,
  `${GENUINE}<`,
];

/** Hundreds of them, each once. */
export const LOOK_ALIKES: readonly string[] = [
  ...new Set([
    ...[...spelledWrong(), ...elsewhere()].map(host => `https://${host}`),
    ...onOtherPorts,
    ...inOtherSchemes,
    ...withUsers,
    ...cutShort,
    ...noOrigins,
  ]),
].filter(origin => origin !== GENUINE);

/**
 * What URL parsers read as the very same origin. A launch URL may be spelled so, and its frame is
 * on the genuine origin; the origin of a message is never spelled so.
 */
export const OTHER_SPELLINGS: readonly string[] = [
  'HTTPS://EMBED.MESHES.IO',
  'https://Embed.Meshes.io',
  'https://embed.meshes.io:443',
  'https://embed.meshes.io:0443',
  'https://embed.meshes.io:',
  'https:embed.meshes.io',
  'https:/embed.meshes.io',
  'https:////embed.meshes.io',
  'https:\\\\embed.meshes.io',
  'https://%65mbed.meshes.io',
  'https://embed%2Emeshes.io',
  'https://ｅｍｂｅｄ.meshes.io',
  'https://embed。meshes。io',
  'https://em\u00adbed.meshes.io',
  'https://em\u200bbed.meshes.io',
  'ht\ntps://emb\ted.meshes.io',
  ' https://embed.meshes.io',
  'https://@embed.meshes.io',
];
