import type {BulkCreateEventsResult, MeshesErrorResponse, MeshesEvent} from './event-types.js';

/** What became of one event of a batch: it has either `event` or `error`. `index` is its place in what was given. */
export type BatchOutcome =
  | {index: number; event: MeshesEvent; error?: undefined}
  | {index: number; event?: undefined; error: MeshesErrorResponse};

/**
 * Tells accepted events from failed ones in the answer of `emitBatch`, or in the `data` of its error.
 *
 * @example
 * const failed = batchOutcomes(result).filter(({error}) => error);
 * await client.emitBatch(failed.map(({index}) => events[index]));
 */
export function batchOutcomes({records}: Pick<BulkCreateEventsResult, 'records'>): BatchOutcome[] {
  return records.map((record, index) =>
    'id' in record ? {index, event: record} : {index, error: record},
  );
}
