import type {MeshesApiError} from './meshes-api-error.js';

/** Data of an event. Meshes knows the named fields. Any other field is sent unchanged. */
export interface MeshesEventPayload {
  /** Email address. Recommended, because most destinations identify a person by it. */
  email?: string | null | undefined;
  id?: string | number | null | undefined;
  ip_address?: string | null | undefined;
  name?: string | null | undefined;
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
  phone?: string | number | null | undefined;
  resource_url?: string | null | undefined;
  [field: string]: unknown;
}

export interface MeshesEventBody {
  type?: 'event';
  /** Name of the event, such as `contact.created`. */
  event: string;
  /** Data of the event. At least one of its values must not be empty. */
  payload: MeshesEventPayload;
  /** Type of the resource that the event belongs to. Default: `global`. */
  resource?: string;
  resource_id?: string;
  /** UUID of the workspace. Required with a machine token; a publishable key implies it. */
  workspace?: string;
}

/** An event that Meshes has accepted. */
export interface MeshesEvent {
  type: 'event';
  id: string;
  event: string;
  workspace: string;
  created_by: string;
  /** Time of creation, ISO 8601. */
  created_at: string;
  resource: string;
  resource_id?: string;
}

export interface MeshesErrorResponse {
  message: string;
  error?: unknown;
}

export interface CreateEventResponseSingle {
  event: MeshesEvent;
}

export interface BulkCreateEventsResult {
  count: number;
  /** Number of failed records; missing if none failed. */
  error_count?: number;
  /** Results, in the order of the events. */
  records: (MeshesEvent | MeshesErrorResponse)[];
}

/** Callback that receives the error, or `null` and the response. */
export type CallbackFunction<T = unknown> = (error: MeshesApiError | null, data?: T) => void;
