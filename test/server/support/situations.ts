import {page, section} from '../../docs/support/markdown.js';

export interface Situation {
  code: string;
  status: number;
  retryable: boolean;
}

/** The codes in the list under a heading. An item has a status, and each code that is answered with it; `\*` marks the retryable ones. */
export function situationsOf(document: string, heading: string): readonly Situation[] {
  return section(page(document), heading)
    .split(/^- \*\*/m)
    .slice(1)
    .flatMap(item => {
      const [codes = ''] = item.split('\n\n');
      return [...codes.matchAll(/`([a-z]+(?:_[a-z]+)+)`(\\\*)?/g)].map(
        ([, code = '', isRetryable]) => ({
          code,
          status: Number.parseInt(item),
          retryable: isRetryable !== undefined,
        }),
      );
    });
}

/** The codes that docs/backend-http.md specifies. */
export const situations = situationsOf('docs/backend-http.md', 'Every situation');
