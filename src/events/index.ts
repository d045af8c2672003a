export {type BatchOutcome, batchOutcomes} from './batch-outcomes.js';
export type {
  MeshesEventsAuth,
  MeshesOptionalRequestOptions,
  MeshesOptions,
} from './client-options.js';
export type {
  BulkCreateEventsResult,
  CallbackFunction,
  CreateEventResponseSingle,
  MeshesErrorResponse,
  MeshesEvent,
  MeshesEventBody,
  MeshesEventPayload,
} from './event-types.js';
export {MeshesApiError} from './meshes-api-error.js';
export {MeshesEventsClient} from './meshes-events-client.js';
