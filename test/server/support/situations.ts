import {page} from '../../docs/support/markdown.js';

export interface Situation {
  code: string;
  status: number;
  retryable: boolean;
}

const [, section = ''] = page('docs/backend-http.md').prose.split(/^### Every situation$/m);
const [list = ''] = section.split(/^#/m);

/** The codes that docs/backend-http.md specifies. An item of its list has a status, and each code that is answered with it. */
export const situations: readonly Situation[] = list.split(/^- \*\*/m).flatMap(item =>
  [...item.matchAll(/`([a-z]+(?:_[a-z]+)+)`(\\\*)?/g)].map(([, code = '', isRetryable]) => ({
    code,
    status: Number.parseInt(item),
    retryable: isRetryable !== undefined,
  })),
);
