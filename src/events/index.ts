export {type BatchOutcome, batchOutcomes} from './batch-outcomes.js';
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
export {
  MeshesEventsClient,
  type MeshesEventsAuth,
  type MeshesOptionalRequestOptions,
  type MeshesOptions,
} from './meshes-events-client.js';
