import {invalidParam} from './api-error.js';

export interface Page<T> {
  readonly records: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * Returns a page of a list that is ordered newest first. The cursor contains the ID of the last record of the previous page, so new
 * records do not shift the pages.
 */
export const pageOf = <T>(
  list: readonly T[],
  idOf: (item: T) => string,
  limit: number,
  cursor: string | undefined,
): Page<T> => {
  let start = 0;
  if (cursor !== undefined) {
    const id = Buffer.from(cursor, 'base64url').toString();
    const index = list.findIndex(item => idOf(item) === id);
    if (index < 0) throw invalidParam('cursor', 'must be a next_cursor of this list.');
    start = index + 1;
  }
  const records = list.slice(start, start + limit);
  const last = records.at(-1);
  const more = start + limit < list.length && last !== undefined;
  return {records, nextCursor: more ? Buffer.from(idOf(last)).toString('base64url') : null};
};
