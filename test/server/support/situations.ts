import {page, table} from '../../docs/support/markdown.js';

export interface Situation {
  code: string;
  status: number;
  retryable: boolean;
}

/** The codes that docs/backend-http.md specifies. A row of its table has a status, and each code that is answered with it. */
export const situations: readonly Situation[] = table(
  page('docs/backend-http.md'),
  'Every situation',
).flatMap(([status, retryable, text = '']) =>
  [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code = '']) => ({
    code,
    status: Number(status),
    retryable: retryable === 'yes',
  })),
);
