import {DOCS} from '../errors.js';

/** Headings of docs/backend-http.md, as anchors. A test looks for each of them on the page. */
export const SECTIONS = {
  request: 'what-the-element-sends',
  answer: 'what-it-expects',
  errors: 'errors',
  situations: 'every-situation',
  meshes: 'requests-to-meshes',
  handle: 'who-may-refresh',
  rights: 'changed-rights',
  signOut: 'sign-out',
  csrf: 'csrf',
} as const;

export type Section = keyof typeof SECTIONS;

export function sectionUrl(section: Section): string {
  return `${DOCS}/backend-http.md#${SECTIONS[section]}`;
}
