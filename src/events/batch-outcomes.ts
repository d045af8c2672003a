import type {BulkCreateEventsResult, MeshesErrorResponse, MeshesEvent} from './event-types.js';
import {ownFields} from './own-fields.js';

/** Outcome of one event of a batch, with either `event` or `error`. `index` is its position in the batch. */
export type BatchOutcome =
  | {index: number; event: MeshesEvent; error?: undefined}
  | {index: number; event?: undefined; error: MeshesErrorResponse};

/**
 * Returns the outcome of each event of `emitBatch`, from its response or the `data` of its error. In an error, accepted events have
 * only `type` and `id`.
 *
 * @example
 * const failed = batchOutcomes(result).filter(({error}) => error);
 * await client.emitBatch(failed.map(({index}) => events[index]));
 */
export function batchOutcomes({records}: Pick<BulkCreateEventsResult, 'records'>): BatchOutcome[] {
  return records.map((record, index) =>
    isAccepted(record) ? {index, event: record} : {index, error: record},
  );
}

export function isAccepted(record: unknown): record is MeshesEvent {
  const {id} = ownFields<{id: unknown}>(record);
  return typeof id === 'string' && id !== '';
}
