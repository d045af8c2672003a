/** Attacks on a `session_id`, with values that the user of a browser can read. */
import {type Fields, parseObject} from './reply.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/**
 * Splits a text of one of the usual signed formats (JWT, Django, Rails). Each second part is a separator. Rails separates by two hyphens,
 * which are random text elsewhere: a part of a JWT can contain them.
 */
const partsOf = (text: string): string[] => text.split(/[.:|]/.test(text) ? /([.:|])/ : /(--)/);
/** The shortest text that can be a signature. */
const SIGNATURE_LENGTH = 20;
/** A session can be refreshed for 12 hours. */
const MAX_AGE_MS = 12 * 60 * 60 * 1000;
const CLOCK_SKEW_MS = 10 * 60 * 1000;

/** Returns the JSON objects in a signed text, such as the claims of a JWT. */
export function contentsOf(text: string): Fields[] {
  return [...new Set([text, safeDecode(text)])]
    .flatMap(whole => [...new Set([whole, ...partsOf(whole)])])
    .flatMap(part => [parseObject(part), parseObject(fromBase64(part))])
    .filter(fields => Object.keys(fields).length > 0);
}

function fromBase64(text: string): string {
  return /^[\w+/-]+=*$/.test(text) ? Buffer.from(text, 'base64').toString() : '';
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Returns the IDs of Meshes that can be read in the texts. */
export function meshesIdsIn(texts: readonly string[]): string[] {
  const readable = texts.flatMap(text => [text, JSON.stringify(contentsOf(text))]);
  const ids = readable.flatMap(text => text.match(/\bsess_[\w.:~+=@-]{4,200}/g) ?? []);
  return [...new Set(ids)];
}

/** Returns texts that differ from the original in one character: near each end, or in the middle of a part. */
export function tamper(text: string): string[] {
  const starts = [...text.matchAll(/[^.:|]+/g)].map(({index, 0: part}) => ({index, part}));
  // The last character of a base64 part contains bits that decoders ignore.
  const places = starts.flatMap(({index, part}) => [
    index,
    index + Math.floor((part.length - 1) / 2),
  ]);
  return [...new Set(places)].map(
    at => text.slice(0, at) + otherCharacter(text[at]!) + text.slice(at + 1),
  );
}

function otherCharacter(character: string): string {
  const at = ALPHABET.indexOf(character);
  return at < 0 ? 'A' : ALPHABET[at ^ 0b100000]!;
}

/** Returns texts with the original or a changed content, and without a valid signature. */
export function unsign(text: string): string[] {
  const parts = partsOf(text);
  const forged = [
    ...forge(text),
    ...parts.flatMap((part, index) =>
      forge(part).map(changed => parts.with(index, changed).join('')),
    ),
  ];
  // Without the last part, and with an empty last part: the form of a JWT that says "alg": "none".
  const stripped = [text, ...forged].flatMap(other => {
    const cut = partsOf(other);
    return cut.length > 1 ? [cut.slice(0, -2).join(''), cut.slice(0, -1).join('')] : [];
  });
  return [...new Set([...forged, ...stripped, text.slice(0, -SIGNATURE_LENGTH)])].filter(
    other => other !== '' && other !== text,
  );
}

/** Returns the part with another field, if it is a JSON object. The header of a JWT gets "alg": "none". */
function forge(part: string): string[] {
  const plain = parseObject(part);
  if (Object.keys(plain).length > 0) return [JSON.stringify(changed(plain))];
  const encoded = parseObject(fromBase64(part));
  if (Object.keys(encoded).length === 0) return [];
  const encoding = /[-_]/.test(part) || !part.endsWith('=') ? 'base64url' : 'base64';
  return [Buffer.from(JSON.stringify(changed(encoded))).toString(encoding)];
}

function changed(fields: Fields): Fields {
  return 'alg' in fields ? {...fields, alg: 'none'} : {...fields, check_endpoint: 1};
}

/**
 * Whether the text contains a time of creation, or an expiry within 12 hours. Undefined if the text cannot be read: it may be a key of
 * a session store.
 */
export function holdsTime(text: string, now: number): boolean | undefined {
  const contents = contentsOf(text);
  const others = partsOf(text).filter(
    (part, index) => index % 2 === 0 && part !== '' && contentsOf(part).length === 0,
  );
  // A short part can be a time in another format, as in Django.
  if (contents.length === 0 || others.some(part => part.length < SIGNATURE_LENGTH))
    return undefined;
  return contents.flatMap(Object.values).some(value => isTime(value, now));
}

function isTime(value: unknown, now: number): boolean {
  const number = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof number !== 'number') return false;
  return [number, number * 1000].some(
    ms => ms >= now - CLOCK_SKEW_MS && ms <= now + MAX_AGE_MS + CLOCK_SKEW_MS,
  );
}
