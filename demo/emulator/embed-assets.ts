import {createHash} from 'node:crypto';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

export interface EmbedAssets {
  /** By file name. */
  readonly files: ReadonlyMap<string, {readonly type: string; readonly body: string}>;
  /** The names below `/assets/` of what the pages link to. */
  readonly script: string;
  readonly consentScript: string;
  readonly style: string;
  readonly iconName: string;
  readonly icon: string;
}

const source = (name: string): string => fileURLToPath(new URL(`./embed/${name}`, import.meta.url));

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#4f46e5"/><g fill="none" stroke="#fff" stroke-width="2.2"><path d="M9 22V11l7 7 7-7v11"/></g><g fill="#fff"><circle cx="9" cy="22" r="2.4"/><circle cx="9" cy="10.5" r="2.4"/><circle cx="16" cy="18" r="2.4"/><circle cx="23" cy="10.5" r="2.4"/><circle cx="23" cy="22" r="2.4"/></g></svg>`;

/** Bundles the embed app's browser code and styles in memory: nothing is written to disk. */
export const buildEmbedAssets = async (): Promise<EmbedAssets> => {
  const {outputFiles} = await build({
    entryPoints: {
      app: source('main.ts'),
      consent: source('consent.ts'),
      style: source('style.css'),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    logLevel: 'silent',
  });
  const files = new Map<string, {type: string; body: string}>();
  const add = (base: string, extension: string, type: string, body: string): string => {
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const name = `${base}-${hash}.${extension}`;
    files.set(name, {type, body});
    return name;
  };
  const text = (path: string): string =>
    outputFiles.find(file => file.path.replace(/^[A-Za-z]:/, '').endsWith(path))?.text ?? '';
  return {
    files,
    script: add('app', 'js', 'text/javascript; charset=utf-8', text('app.js')),
    consentScript: add('consent', 'js', 'text/javascript; charset=utf-8', text('consent.js')),
    style: add('style', 'css', 'text/css; charset=utf-8', text('style.css')),
    iconName: add('icon', 'svg', 'image/svg+xml', icon),
    icon,
  };
};
