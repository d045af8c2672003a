import {plainCopy} from '../../../src/frame/plain-copy.js';
import {parseLaunchUrl, parseUrl} from '../../../src/frame/launch-url.js';

const PAGE = 'https://host.example/app/';
const OTHER_BASE = 'https://evil.example/';
const RULES = {pageOrigin: 'https://host.example', pinned: []};

export interface ReadingsRun {
  tried: number;
  taken: number;
  /** Loaded from another origin than the one that was checked: by this package, and by `iframe.src = text`. */
  elsewhere: number;
  elsewhereRaw: number;
}

/** Every spelling of a launch URL out of these parts, on a page with and without a `<base>` of another origin. */
export function tryReadings(): ReadingsRun {
  const before = ['', ' ', '\t', '\n', '\u0000', '\u00a0', '\ufeff'];
  const schemes = ['https', 'HTTPS', 'ht\ntps', 'http\ts', 'https\u0000', 'http', ''];
  const separators = ['://', ':/', ':', ':\\\\', ':\\/', ':///', ':\t//', '//', '\\\\', '/'];
  const hosts = ['embed.example', 'EMBED.example.', 'host.example', 'user@embed.example', '.', ''];
  const tails = ['', '/x?launch=1', '\\x', '/..//x', ' '];
  const run: ReadingsRun = {tried: 0, taken: 0, elsewhere: 0, elsewhereRaw: 0};
  for (const text of product([before, schemes, separators, hosts, tails])) {
    let checked: URL;
    run.tried += 1;
    try {
      checked = parseLaunchUrl(text, RULES, 'mint');
    } catch {
      continue;
    }
    run.taken += 1;
    const isElsewhere = (src: string) =>
      [PAGE, OTHER_BASE].some(base => parseUrl(src, base)?.origin !== checked.origin);
    if (isElsewhere(checked.href)) run.elsewhere += 1;
    if (isElsewhere(text)) run.elsewhereRaw += 1;
  }
  return run;
}

function product(parts: readonly (readonly string[])[]): string[] {
  return parts.reduce<string[]>(
    (texts, pieces) => texts.flatMap(text => pieces.map(piece => text + piece)),
    [''],
  );
}

export interface CostRun {
  /** Objects that were posted. */
  objects: number;
  /** Fields that were read, by this package and by a copy through JSON. */
  reads: number;
  readsJson: number;
}

/** Reads of a value whose objects hold the next one twice. JSON needs twice as many for each level. */
export function readDoubled(levels: number): CostRun {
  const reads = {count: 0};
  let value: object = {};
  for (let level = 0; level < levels; level += 1) {
    const next = value;
    value = new Proxy(
      {a: next, b: next},
      {
        get: (target, name) => {
          if (name === 'a' || name === 'b') reads.count += 1;
          return Reflect.get(target, name) as unknown;
        },
      },
    );
  }
  plainCopy(value);
  const own = reads.count;
  reads.count = 0;
  JSON.stringify(value);
  return {objects: levels + 1, reads: own, readsJson: reads.count};
}
