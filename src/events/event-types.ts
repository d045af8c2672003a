/** Data of an event. The named fields are the ones that Meshes knows; any other goes along as it is. */
export interface MeshesEventPayload {
  /** Recommended: most destinations find a person by it. */
  email?: string | null | undefined;
  id?: string | null | undefined;
  ip_address?: string | null | undefined;
  name?: string | null | undefined;
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
  phone?: string | null | undefined;
  resource_url?: string | null | undefined;
  [field: string]: unknown;
}

export interface MeshesEventBody {
  /** Such as `contact.created`. */
  event: string;
  /** At least one of its values is not empty. */
  payload: MeshesEventPayload;
  resource?: string;
  resource_id?: string;
  /** UUID. A publishable key implies it. */
  workspace?: string;
}

/** An event that Meshes has accepted. */
export interface MeshesEvent {
  type: 'event';
  id: string;
  event: string;
  workspace: string;
  created_by: string;
  /** ISO 8601 */
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
  /** How many records failed; missing where none did. */
  error_count?: number;
  /** In the order of the events that were given. */
  records: (MeshesEvent | MeshesErrorResponse)[];
}

/** Gets the error, or `null` and the answer. */
export type CallbackFunction<T = unknown> = (error: Error | null, data?: T) => void;
