import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../../..');

export interface Sample {
  /** `README.md:120` */
  place: string;
  language: string;
  code: string;
  /** `title=…` after the language: where the file would be. */
  title: string | undefined;
  /** What `<!-- sample: … -->` right before the block declares for it. */
  context: string;
}

export interface Page {
  /** Path from the top, with slashes. */
  name: string;
  /** Without code blocks and comments, line for line. */
  prose: string;
  samples: Sample[];
  /** The ids that headings get on GitHub. */
  anchors: Set<string>;
}

/** Every Markdown page of the project, but those of frameworks' own example applications. */
export const pages: Page[] = markdownFiles('').map(name => readPage(name));

// Not `readdirSync` with `recursive`, which follows links: those of samples, while they run, lead back to the top.
function markdownFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), {withFileTypes: true}).flatMap(entry => {
    const name = path.posix.join(folder, entry.name);
    if (!entry.isDirectory()) return name.endsWith('.md') ? [name] : [];
    const isOurs = !/^(node_modules|dist|test-results|\.(cache|git|guide-.*|samples.*))$/.test(
      entry.name,
    );
    return isOurs ? markdownFiles(name) : [];
  });
}

export function page(name: string): Page {
  const found = pages.find(candidate => candidate.name === name);
  if (!found) throw new Error(`There is no ${name}`);
  return found;
}

export function readText(name: string): string {
  return readFileSync(path.join(root, name), 'utf8');
}

export function exists(name: string): boolean {
  return existsSync(path.join(root, name));
}

function readPage(name: string): Page {
  const text = readText(name);
  const samples: Sample[] = [];
  const blank = (part: string) => part.replace(/[^\n]/g, '');
  const prose = text
    .replace(
      /(?:^<!-- sample: (.*?) -->\n\n)?^ *```(\w*)(?: title=(\S+))?\n(.*?)^ *```$/gms,
      (block: string, context = '', language = '', title, code = '', offset: number) => {
        const line = text.slice(0, offset).split('\n').length;
        samples.push({place: `${name}:${line}`, language, title, code, context});
        return blank(block);
      },
    )
    .replace(/<!--.*?-->/gs, blank);
  return {name, prose, samples, anchors: new Set(anchorsOf(prose))};
}

function anchorsOf(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => {
    const slug = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The text under a heading, until the next one. */
export function section({name, prose}: Page, heading: string): string {
  const [, rest] = prose.split(new RegExp(`^#+ ${heading}$`, 'm'));
  if (rest === undefined) throw new Error(`${name} has no heading "${heading}"`);
  return rest.split(/^#/m)[0]!;
}

/** The table under a heading: its rows, without the head, each as its cells. */
export function table(page: Page, heading: string): string[][] {
  const lines = section(page, heading)
    .split('\n')
    .filter(line => line.startsWith('|'));
  if (lines.length < 3) throw new Error(`${page.name} has no table under "${heading}"`);
  return lines.slice(2).map(line =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map(cell => cell.trim()),
  );
}

/** The code spans that the items of the list under a heading begin with. */
export function listed(page: Page, heading: string): string[] {
  return [...section(page, heading).matchAll(/^- `([^`]+)`/gm)].map(([, name = '']) => name);
}

/** The first code span of a cell. */
export function code(cell: string | undefined): string {
  return /`([^`]+)`/.exec(cell ?? '')?.[1] ?? '';
}

/** The links of a page to files of the project: `file` is empty for a link within the page. */
export function relativeLinks(prose: string): {file: string; anchor: string | undefined}[] {
  const links = prose.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g);
  return [...links]
    .map(([, link = '']) => link)
    .filter(link => !/^\w+:/.test(link))
    .map(link => {
      const [file = '', anchor] = link.split('#');
      return {file, anchor};
    });
}
