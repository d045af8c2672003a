import {DOCS} from '../errors.js';

/** Anchors of headings in docs/backend-http.md. A test checks that they exist. */
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
