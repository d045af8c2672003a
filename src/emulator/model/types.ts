export type Role = 'member' | 'admin' | 'owner';
export type SessionType = 'workspace' | 'resource' | 'dashboard';

export const integrationTypes = [
  'activecampaign',
  'aweber',
  'customer_io',
  'discord',
  'hubspot',
  'intercom',
  'mailchimp',
  'mailerlite',
  'pipedrive',
  'resend',
  'sendgrid',
  'salesforce',
  'slack',
  'webhook',
  'zoom',
] as const;
export type IntegrationType = (typeof integrationTypes)[number];

export type InactiveReason =
  | 'authentication_invalid'
  | 'oauth_authorization_revoked'
  | 'oauth_reauthorization_required'
  | 'manually_inactivated';

export const statuses = [
  'pending',
  'processing',
  'retrying',
  'completed',
  'failed',
  'canceled',
] as const;
/** Status of an event, or of its delivery by one rule. */
export type Status = (typeof statuses)[number];

export const outcomeCodes = [
  'delivered',
  'rejected_client_error',
  'rejected_server_error',
  'rate_limited',
  'auth_failed',
  'timeout',
  'network_error',
  'mapping_error',
  'internal_error',
] as const;
export type OutcomeCode = (typeof outcomeCodes)[number];

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly publishableKey: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Connection {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: IntegrationType;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Why deliveries fail; `null` if the connection is active. */
  readonly inactiveReason: InactiveReason | null;
  readonly hidden: boolean;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly fieldsRefreshedAt: number;
}

export interface MappingField {
  readonly dest: string;
  readonly source:
    | {readonly type: 'path'; readonly value: string}
    | {readonly type: 'literal'; readonly value: string | number | boolean | null};
  readonly transforms?: readonly {readonly type: string}[] | undefined;
  readonly on_error?: 'skip_field' | 'warn_action' | 'fail_action' | undefined;
}

/** The schema of a mapping, as in requests and responses. */
export interface MappingSchema {
  readonly schema_version: 1;
  readonly fields: readonly MappingField[];
}

export interface Mapping {
  /** ID of this version. */
  readonly id: string;
  readonly mappingId: string;
  readonly connectionId: string;
  readonly version: number;
  readonly name: string;
  readonly schema: MappingSchema;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Rule {
  readonly id: string;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly event: string;
  readonly metadata: Readonly<Record<string, unknown>> & {readonly action: string};
  /** `null` matches the events of every resource. */
  readonly resource: string | null;
  readonly resourceId: string | null;
  readonly active: boolean;
  readonly hidden: boolean;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface MeshesEvent {
  readonly id: string;
  readonly workspaceId: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly resource: string;
  readonly resourceId: string | null;
  readonly createdBy: string;
  readonly createdAt: number;
}

export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly startedAt: number;
  readonly completedAt: number;
  readonly outcome: OutcomeCode;
  /** HTTP status of the destination's response; null if there was none. */
  readonly httpStatus: number | null;
  readonly message: string;
}

/** The delivery of one event by one rule. Meshes calls it a rule event. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly ruleId: string;
  readonly connectionId: string;
  readonly type: IntegrationType;
  /** Name of the rule for the event page. The rule may be deleted. */
  readonly ruleName: string;
  readonly connectionName: string;
  /** All attempts in order. Those after the current time have not happened yet. */
  readonly attempts: readonly Attempt[];
  readonly canceledAt: number | null;
}
