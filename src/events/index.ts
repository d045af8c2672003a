export {type BatchOutcome, batchOutcomes} from './batch-outcomes.js';
export type {
  Headers,
  MeshesEventsAuth,
  MeshesOptionalRequestOptions,
  MeshesOptions,
  MeshesRequestOptions,
  QueryParams,
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
// Code that was written for the client of Meshes imports the class as the default export.
export {MeshesEventsClient, MeshesEventsClient as default} from './meshes-events-client.js';
