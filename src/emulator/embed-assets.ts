import {createHash} from 'node:crypto';
import {bundleEmbedFiles} from './embed-files.js';

export interface EmbedAssets {
  /** Files by name. */
  readonly files: ReadonlyMap<string, {readonly type: string; readonly body: string}>;
  /** Names of the files that the pages load, below `/assets/`. */
  readonly script: string;
  readonly consentScript: string;
  readonly style: string;
  readonly iconName: string;
  readonly icon: string;
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#4f46e5"/><g fill="none" stroke="#fff" stroke-width="2.2"><path d="M9 22V11l7 7 7-7v11"/></g><g fill="#fff"><circle cx="9" cy="22" r="2.4"/><circle cx="9" cy="10.5" r="2.4"/><circle cx="16" cy="18" r="2.4"/><circle cx="23" cy="10.5" r="2.4"/><circle cx="23" cy="22" r="2.4"/></g></svg>`;

/** Builds the files of the embed app. Their names contain a hash of the content. */
export const buildEmbedAssets = async (): Promise<EmbedAssets> => {
  const {script, consentScript, style} = await bundleEmbedFiles();
  const files = new Map<string, {type: string; body: string}>();
  const add = (base: string, extension: string, type: string, body: string): string => {
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const name = `${base}-${hash}.${extension}`;
    files.set(name, {type, body});
    return name;
  };
  return {
    files,
    script: add('app', 'js', 'text/javascript; charset=utf-8', script),
    consentScript: add('consent', 'js', 'text/javascript; charset=utf-8', consentScript),
    style: add('style', 'css', 'text/css; charset=utf-8', style),
    iconName: add('icon', 'svg', 'image/svg+xml', icon),
    icon,
  };
};
