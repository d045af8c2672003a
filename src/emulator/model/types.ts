export type Role = 'member' | 'admin' | 'owner';
export type SessionType = 'workspace' | 'resource' | 'dashboard';
export type Provider = 'hubspot' | 'salesforce' | 'slack' | 'mailchimp' | 'intercom' | 'webhook';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly publishableKey: string;
  readonly createdAt: number;
}

export interface Connection {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly provider: Provider;
  readonly auth: 'oauth' | 'webhook';
  /** `needs_attention`: the provider refuses our credentials, so that deliveries fail. */
  readonly status: 'active' | 'needs_attention';
  readonly createdAt: number;
}

export interface Mapping {
  readonly id: string;
  readonly connectionId: string;
  /** A field of the event's payload. */
  readonly source: string;
  /** The field it becomes at the provider. */
  readonly target: string;
}

export interface Rule {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  /** An event name, or a prefix with a star: `contact.*`, `*`. */
  readonly event: string;
  readonly connectionId: string;
  /** When set, the rule matches events of this resource alone. */
  readonly resource: string | null;
  readonly resourceId: string | null;
  readonly createdAt: number;
}

export interface MeshesEvent {
  readonly id: string;
  readonly workspaceId: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly resource: string | null;
  readonly resourceId: string | null;
  readonly createdBy: string;
  readonly createdAt: number;
}

export interface Attempt {
  readonly number: number;
  readonly at: number;
  readonly outcome: 'succeeded' | 'failed';
  /** The HTTP status that the provider answered. */
  readonly status: number;
  readonly message: string;
}

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly connectionName: string;
  readonly provider: Provider;
  /** Every attempt there will be, in order; those after the clock's present are not yet visible. */
  readonly schedule: readonly Attempt[];
}

export type DeliveryStatus = 'pending' | 'retrying' | 'succeeded' | 'failed';
