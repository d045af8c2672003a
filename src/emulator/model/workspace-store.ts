import {randomBytes, randomUUID} from 'node:crypto';
import {conflict, notFound} from '../api-error.js';
import type {Clock} from './clock.js';
import {
  attemptsUntil,
  cancelDelivery,
  combineStatuses,
  deliveryStatus,
  isTerminal,
  planDelivery,
  retryDelivery,
  ruleMatches,
} from './deliveries.js';
import {derivedId} from './derived-id.js';
import {generateMapping} from './mappings.js';
import {createSeed} from './seed.js';
import type {
  Connection,
  Delivery,
  Mapping,
  MappingSchema,
  MeshesEvent,
  Rule,
  Status,
  Workspace,
} from './types.js';

/** Maximum number of events of a workspace. Older ones are removed, to limit the memory of a long run. */
const maxEvents = 2000;

/** The resource that a session may see; `null` for the whole workspace. */
export type ResourceLock = {readonly resource: string; readonly resourceId: string} | null;

/** Filter of a list of rules or events. */
export interface Filter {
  readonly workspaceId?: string | undefined;
  readonly event?: string | undefined;
  readonly resource?: string | undefined;
  readonly resourceId?: string | undefined;
}

export interface CatalogEntry {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
}

/** The content of the store, as JSON. */
export interface WorkspaceData {
  readonly workspaces: readonly Workspace[];
  readonly connections: readonly Connection[];
  readonly mappings: readonly Mapping[];
  readonly rules: readonly Rule[];
  /** Events, newest first. */
  readonly events: readonly MeshesEvent[];
  readonly deliveries: readonly Delivery[];
}

export type NewRule = Omit<Rule, 'id' | 'createdAt' | 'updatedAt'>;
export type NewEvent = Omit<MeshesEvent, 'id' | 'createdAt'>;
export type NewConnection = Pick<
  Connection,
  'workspaceId' | 'type' | 'name' | 'metadata' | 'hidden' | 'createdBy'
>;

const fits = (
  record: {
    readonly workspaceId: string;
    readonly event: string;
    readonly resource: string | null;
    readonly resourceId: string | null;
  },
  {workspaceId, event, resource, resourceId}: Filter,
): boolean =>
  (workspaceId === undefined || workspaceId === record.workspaceId) &&
  (event === undefined || event === record.event) &&
  (resource === undefined || resource === record.resource) &&
  (resourceId === undefined || resourceId === record.resourceId);

/** Workspaces and their contents, in memory. Lists are newest first. */
export class WorkspaceStore {
  readonly #clock: Clock;
  #workspaces: readonly Workspace[] = [];
  #connections: readonly Connection[] = [];
  /** Stored mappings, by connection. */
  readonly #mappings = new Map<string, Mapping>();
  #rules: readonly Rule[] = [];
  #events: readonly MeshesEvent[] = [];
  /** Deliveries, by event. */
  readonly #deliveries = new Map<string, readonly Delivery[]>();
  /** Events whose last attempt may be in the future, by workspace. */
  readonly #unsettled = new Map<string, Set<string>>();
  readonly #changes = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.reset();
  }

  /** Restores the initial state. */
  reset(): void {
    const {workspaces, connections, rules, events} = createSeed(this.#clock.now());
    this.load({workspaces, connections, rules, mappings: [], events: [], deliveries: []});
    for (const event of events.sort((a, b) => a.createdAt - b.createdAt)) this.#accept(event);
  }

  dump(): WorkspaceData {
    return {
      workspaces: this.#workspaces,
      connections: this.#connections,
      mappings: [...this.#mappings.values()],
      rules: this.#rules,
      events: this.#events,
      deliveries: [...this.#deliveries.values()].flat(),
    };
  }

  load(data: WorkspaceData): void {
    this.#workspaces = data.workspaces;
    this.#connections = data.connections;
    this.#rules = data.rules;
    this.#events = data.events;
    for (const map of [this.#mappings, this.#deliveries, this.#unsettled]) map.clear();
    for (const mapping of data.mappings) this.#mappings.set(mapping.connectionId, mapping);
    const deliveries = new Map<string, Delivery[]>();
    for (const delivery of data.deliveries) {
      deliveries.set(delivery.eventId, [...(deliveries.get(delivery.eventId) ?? []), delivery]);
    }
    for (const event of data.events) this.#setDeliveries(event, deliveries.get(event.id) ?? []);
    for (const workspace of data.workspaces) this.#touch(workspace.id);
  }

  /**
   * Returns a value that changes with the content of the workspace, also by attempts that only the clock has completed.
   */
  revision(workspaceId: string): string {
    const now = this.#clock.now();
    const unsettled = this.#unsettled.get(workspaceId) ?? new Set();
    let happened = 0;
    for (const eventId of unsettled) {
      const deliveries = this.deliveries(eventId);
      if (deliveries.every(delivery => isTerminal(deliveryStatus(delivery, now)))) {
        unsettled.delete(eventId);
        this.#touch(workspaceId);
        continue;
      }
      for (const delivery of deliveries) {
        happened += attemptsUntil(delivery, now).length;
        happened += delivery.attempts.filter(({startedAt}) => startedAt <= now).length;
      }
    }
    return `${this.#changes.get(workspaceId) ?? 0}.${happened}`;
  }

  workspaces(): readonly Workspace[] {
    return this.#workspaces;
  }

  findWorkspace(id: string): Workspace | undefined {
    return this.#workspaces.find(workspace => workspace.id === id);
  }

  workspace(id: string): Workspace {
    return found(this.findWorkspace(id), 'workspace');
  }

  workspaceOfKey(publishableKey: string): Workspace | undefined {
    return this.#workspaces.find(workspace => workspace.publishableKey === publishableKey);
  }

  addWorkspace(fields: Pick<Workspace, 'name' | 'description'>): Workspace {
    const now = this.#clock.now();
    const workspace: Workspace = {
      ...fields,
      id: randomUUID(),
      publishableKey: `mesh_pub_${randomBytes(4).toString('hex')}_workspace_${randomBytes(10).toString('hex')}`,
      createdAt: now,
      updatedAt: now,
    };
    this.#workspaces = [workspace, ...this.#workspaces];
    return workspace;
  }

  changeWorkspace(id: string, fields: Partial<Pick<Workspace, 'name' | 'description'>>): Workspace {
    const changed = {...this.workspace(id), ...fields, updatedAt: this.#clock.now()};
    this.#workspaces = replace(this.#workspaces, changed);
    this.#touch(id);
    return changed;
  }

  connections(workspaceId?: string): readonly Connection[] {
    return this.#connections.filter(
      connection => workspaceId === undefined || connection.workspaceId === workspaceId,
    );
  }

  findConnection(id: string): Connection | undefined {
    return this.#connections.find(connection => connection.id === id);
  }

  connection(id: string, workspaceId?: string): Connection {
    return found(
      this.connections(workspaceId).find(connection => connection.id === id),
      'connection',
    );
  }

  addConnection(fields: NewConnection): Connection {
    const now = this.#clock.now();
    const connection: Connection = {
      ...fields,
      id: randomUUID(),
      inactiveReason: null,
      createdAt: now,
      updatedAt: now,
      fieldsRefreshedAt: now,
    };
    this.#connections = [connection, ...this.#connections];
    this.#touch(connection.workspaceId);
    return connection;
  }

  changeConnection(id: string, fields: Partial<Connection>): Connection {
    const changed = {...this.connection(id), ...fields, updatedAt: this.#clock.now()};
    this.#connections = replace(this.#connections, changed);
    this.#touch(changed.workspaceId);
    return changed;
  }

  refreshFields(id: string): Connection {
    const changed = {...this.connection(id), fieldsRefreshedAt: this.#clock.now()};
    this.#connections = replace(this.#connections, changed);
    return changed;
  }

  /** Removes a connection with its mapping and its rules. @throws 409 while a rule is active, unless forced */
  removeConnection(id: string, {force = false} = {}): Connection {
    const connection = this.connection(id);
    const rules = this.#rules.filter(rule => rule.connectionId === id);
    if (!force && rules.some(rule => rule.active)) {
      throw conflict(
        'Active rules deliver to this connection. Delete them first, or send force_delete.',
      );
    }
    this.#connections = this.#connections.filter(candidate => candidate.id !== id);
    this.#rules = this.#rules.filter(rule => rule.connectionId !== id);
    this.#mappings.delete(id);
    this.#touch(connection.workspaceId);
    return connection;
  }

  storedMapping(connectionId: string): Mapping | undefined {
    return this.#mappings.get(connectionId);
  }

  mapping(connection: Connection): {mapping: Mapping; status: 'stored' | 'generated'} {
    const stored = this.storedMapping(connection.id);
    return stored
      ? {mapping: stored, status: 'stored'}
      : {mapping: generateMapping(connection), status: 'generated'};
  }

  /** Stores the next version of a mapping. @throws 409 if another version is expected */
  storeMapping(
    connection: Connection,
    fields: {schema: MappingSchema; name?: string | undefined; createdBy: string},
    expected: {version?: number | undefined; mappingId?: string | undefined},
  ): Mapping {
    const {mapping} = this.mapping(connection);
    if (expected.version !== undefined && expected.version !== mapping.version) {
      throw conflict(`expected_version: the mapping has version ${mapping.version}.`);
    }
    if (expected.mappingId !== undefined && expected.mappingId !== mapping.mappingId) {
      throw conflict('mapping_id: the connection has another mapping.');
    }
    const stored: Mapping = {
      ...mapping,
      id: randomUUID(),
      version: mapping.version + 1,
      name: fields.name ?? mapping.name,
      schema: fields.schema,
      createdBy: fields.createdBy,
      updatedAt: this.#clock.now(),
    };
    this.#mappings.set(connection.id, stored);
    this.#touch(connection.workspaceId);
    return stored;
  }

  rules(filter: Filter = {}): readonly Rule[] {
    return this.#rules.filter(rule => fits(rule, filter));
  }

  rule(id: string, filter: Filter = {}): Rule {
    return found(
      this.rules(filter).find(rule => rule.id === id),
      'rule',
    );
  }

  addRule(fields: NewRule): Rule {
    const now = this.#clock.now();
    const rule: Rule = {...fields, id: randomUUID(), createdAt: now, updatedAt: now};
    this.#rules = [rule, ...this.#rules];
    this.#touch(rule.workspaceId);
    return rule;
  }

  removeRule(id: string, filter: Filter = {}): Rule {
    const rule = this.rule(id, filter);
    this.#rules = this.#rules.filter(candidate => candidate !== rule);
    this.#touch(rule.workspaceId);
    return rule;
  }

  addEvent(fields: NewEvent): MeshesEvent {
    const event = {...fields, id: randomUUID(), createdAt: this.#clock.now()};
    this.#accept(event);
    this.#touch(event.workspaceId);
    return event;
  }

  events(filter: Filter & {readonly status?: Status | undefined} = {}): readonly MeshesEvent[] {
    const {status} = filter;
    return this.#events.filter(
      event =>
        fits(event, filter) && (status === undefined || status === this.eventStatus(event.id)),
    );
  }

  event(id: string, filter: Filter = {}): MeshesEvent {
    return found(
      this.#events.find(event => event.id === id && fits(event, filter)),
      'event',
    );
  }

  eventStatus(eventId: string): Status {
    const now = this.#clock.now();
    return combineStatuses(this.deliveries(eventId).map(delivery => deliveryStatus(delivery, now)));
  }

  deliveries(eventId: string): readonly Delivery[] {
    return this.#deliveries.get(eventId) ?? [];
  }

  /** Returns the delivery of an event by a rule. */
  delivery(event: MeshesEvent, ruleId: string): Delivery {
    return found(
      this.deliveries(event.id).find(delivery => delivery.ruleId === ruleId),
      'rule of this event',
    );
  }

  /** Retries a delivery. @throws 425 or 409: see `retryDelivery` */
  retry(event: MeshesEvent, ruleId: string): Delivery {
    const delivery = this.delivery(event, ruleId);
    const {connectionId} = delivery;
    return this.#changeDelivery(
      event,
      retryDelivery(
        delivery,
        event,
        this.findConnection(connectionId),
        this.storedMapping(connectionId),
        this.#clock.now(),
      ),
    );
  }

  /** Cancels a delivery. @throws 409 if it has ended */
  cancel(event: MeshesEvent, ruleId: string): Delivery {
    return this.#changeDelivery(
      event,
      cancelDelivery(this.delivery(event, ruleId), this.#clock.now()),
    );
  }

  /** Cancels every delivery that has not ended. @throws 409 if all have */
  cancelEvent(event: MeshesEvent): void {
    const now = this.#clock.now();
    const open = this.deliveries(event.id).filter(
      delivery => !isTerminal(deliveryStatus(delivery, now)),
    );
    if (open.length === 0) throw conflict('Every delivery of this event has ended.');
    for (const delivery of open) this.#changeDelivery(event, cancelDelivery(delivery, now));
  }

  /** Returns the names of the events for which a workspace has rules, or that it has received. */
  eventTypes(workspaceId: string): readonly CatalogEntry[] {
    return this.#catalog(workspaceId, 'event type', record => record.event);
  }

  resources(workspaceId: string): readonly CatalogEntry[] {
    return this.#catalog(workspaceId, 'resource', record => record.resource);
  }

  #catalog(
    workspaceId: string,
    kind: string,
    keyOf: (record: Rule | MeshesEvent) => string | null,
  ): readonly CatalogEntry[] {
    const entries = new Map<string, CatalogEntry>();
    for (const record of [...this.rules({workspaceId}), ...this.events({workspaceId})]) {
      const key = keyOf(record);
      if (key === null) continue;
      const createdAt = Math.min(record.createdAt, entries.get(key)?.createdAt ?? Infinity);
      entries.set(key, {id: derivedId(`${kind} ${key}`, workspaceId), key, createdAt});
    }
    return [...entries.values()].sort((a, b) => a.key.localeCompare(b.key));
  }

  #accept(event: MeshesEvent): void {
    const deliveries = this.#rules
      .filter(rule => ruleMatches(rule, event))
      .map(rule => {
        const connection = this.connection(rule.connectionId);
        return planDelivery(event, rule, connection, this.storedMapping(connection.id));
      });
    this.#events = [event, ...this.#events];
    const {workspaceId} = event;
    const own = this.events({workspaceId});
    if (own.length > maxEvents) {
      const oldest = own.at(-1)!;
      this.#events = this.#events.filter(candidate => candidate !== oldest);
      this.#deliveries.delete(oldest.id);
      this.#unsettled.get(workspaceId)?.delete(oldest.id);
    }
    this.#setDeliveries(event, deliveries);
  }

  #changeDelivery(event: MeshesEvent, changed: Delivery): Delivery {
    this.#setDeliveries(event, replace(this.deliveries(event.id), changed));
    this.#touch(event.workspaceId);
    return changed;
  }

  #setDeliveries({id, workspaceId}: MeshesEvent, deliveries: readonly Delivery[]): void {
    this.#deliveries.set(id, deliveries);
    if (deliveries.length === 0) return;
    const unsettled = this.#unsettled.get(workspaceId) ?? new Set();
    this.#unsettled.set(workspaceId, unsettled.add(id));
  }

  #touch(workspaceId: string): void {
    this.#changes.set(workspaceId, (this.#changes.get(workspaceId) ?? 0) + 1);
  }
}

const replace = <T extends {readonly id: string}>(list: readonly T[], changed: T): readonly T[] =>
  list.map(item => (item.id === changed.id ? changed : item));

const found = <T>(item: T | undefined, what: string): T => {
  if (item === undefined) throw notFound(`There is no such ${what}.`);
  return item;
};
