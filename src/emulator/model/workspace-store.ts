import {randomBytes, randomUUID} from 'node:crypto';
import {conflict} from '../api-error.js';
import type {Clock} from './clock.js';
import {derivedId} from './derived-id.js';
import {type EventData, EventStore} from './event-store.js';
import {generateMapping} from './mappings.js';
import {type Filter, fits, found, replace} from './records.js';
import {createSeed} from './seed.js';
import type {Connection, Mapping, MappingSchema, MeshesEvent, Rule, Workspace} from './types.js';

/** The resource that a session may see; `null` for the whole workspace. */
export type ResourceLock = {readonly resource: string; readonly resourceId: string} | null;

export interface CatalogEntry {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
}

/** The content of the store, as JSON. */
export interface WorkspaceData extends EventData {
  readonly workspaces: readonly Workspace[];
  readonly connections: readonly Connection[];
  readonly mappings: readonly Mapping[];
  readonly rules: readonly Rule[];
}

export type NewRule = Omit<Rule, 'id' | 'createdAt' | 'updatedAt'>;
export type NewConnection = Pick<
  Connection,
  'workspaceId' | 'type' | 'name' | 'metadata' | 'hidden' | 'createdBy'
>;

/** Workspaces and their contents, in memory. Lists are newest first. */
export class WorkspaceStore {
  readonly #clock: Clock;
  #workspaces: readonly Workspace[] = [];
  #connections: readonly Connection[] = [];
  /** Stored mappings, by connection. */
  readonly #mappings = new Map<string, Mapping>();
  #rules: readonly Rule[] = [];
  readonly #changes = new Map<string, number>();
  readonly events: EventStore;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.events = new EventStore(clock, {
      rules: workspaceId => this.rules({workspaceId}),
      findConnection: id => this.findConnection(id),
      storedMapping: id => this.storedMapping(id),
      changed: workspaceId => this.#touch(workspaceId),
    });
    this.reset();
  }

  /** Restores the initial state. */
  reset(): void {
    const {workspaces, connections, rules, events} = createSeed(this.#clock.now());
    this.load({workspaces, connections, rules, mappings: [], events: [], deliveries: []});
    for (const event of events.sort((a, b) => a.createdAt - b.createdAt)) this.events.accept(event);
  }

  dump(): WorkspaceData {
    return {
      workspaces: this.#workspaces,
      connections: this.#connections,
      mappings: [...this.#mappings.values()],
      rules: this.#rules,
      ...this.events.dump(),
    };
  }

  load(data: WorkspaceData): void {
    this.#workspaces = data.workspaces;
    this.#connections = data.connections;
    this.#rules = data.rules;
    this.#mappings.clear();
    for (const mapping of data.mappings) this.#mappings.set(mapping.connectionId, mapping);
    this.events.load(data);
    for (const workspace of data.workspaces) this.#touch(workspace.id);
  }

  /** Returns a value that changes with the content of the workspace, also by attempts that only the clock has completed. */
  revision(workspaceId: string): string {
    const happened = this.events.attempted(workspaceId);
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
    for (const record of [...this.rules({workspaceId}), ...this.events.list({workspaceId})]) {
      const key = keyOf(record);
      if (key === null) continue;
      const createdAt = Math.min(record.createdAt, entries.get(key)?.createdAt ?? Infinity);
      entries.set(key, {id: derivedId(`${kind} ${key}`, workspaceId), key, createdAt});
    }
    return [...entries.values()].sort((a, b) => a.key.localeCompare(b.key));
  }

  #touch(workspaceId: string): void {
    this.#changes.set(workspaceId, (this.#changes.get(workspaceId) ?? 0) + 1);
  }
}
