import {randomUUID} from 'node:crypto';
import {notFound} from '../api-error.js';
import type {Clock} from './clock.js';
import {attemptsUntil, planDelivery, ruleMatches} from './deliveries.js';
import {createSeed} from './seed.js';
import type {
  Connection,
  Delivery,
  Mapping,
  MeshesEvent,
  Provider,
  Rule,
  Workspace,
} from './types.js';

/** Older events are forgotten beyond this number in a workspace, so that a long run stays small. */
const maxEvents = 2000;

/** What of a workspace a session may see; `null` sees everything. */
export type ResourceLock = {readonly resource: string; readonly resourceId: string} | null;

const seesEvent = (event: MeshesEvent, lock: ResourceLock): boolean =>
  lock === null || (event.resource === lock.resource && event.resourceId === lock.resourceId);

const seesRule = (rule: Rule, lock: ResourceLock): boolean =>
  lock === null || (rule.resource === lock.resource && rule.resourceId === lock.resourceId);

/** Workspaces and what is in them, in memory. Newest first wherever an order shows. */
export class WorkspaceStore {
  readonly #clock: Clock;
  #workspaces: Workspace[] = [];
  #connections: Connection[] = [];
  #mappings: Mapping[] = [];
  #rules: Rule[] = [];
  readonly #events = new Map<string, MeshesEvent[]>();
  readonly #deliveries = new Map<string, Delivery[]>();
  /** Per workspace: the deliveries whose last attempt may still lie ahead. */
  readonly #unsettled = new Map<string, Set<Delivery>>();
  readonly #changes = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.reset();
  }

  /** Everything as at the start. */
  reset(): void {
    const seed = createSeed(this.#clock.now());
    this.#workspaces = seed.workspaces;
    this.#connections = seed.connections;
    this.#mappings = seed.mappings;
    this.#rules = seed.rules;
    for (const map of [this.#events, this.#deliveries, this.#unsettled]) map.clear();
    for (const event of seed.events.sort((a, b) => a.createdAt - b.createdAt)) this.#accept(event);
    for (const workspace of seed.workspaces) this.#touch(workspace.id);
  }

  /**
   * A value that differs whenever something in the workspace has changed, deliveries that came
   * due by the clock included.
   */
  revision(workspaceId: string): string {
    const now = this.#clock.now();
    let due = 0;
    for (const delivery of this.#unsettled.get(workspaceId) ?? []) {
      const done = attemptsUntil(delivery, now).length;
      due += done;
      if (done === delivery.schedule.length) {
        this.#unsettled.get(workspaceId)?.delete(delivery);
        this.#touch(workspaceId);
        due -= done;
      }
    }
    return `${this.#changes.get(workspaceId) ?? 0}.${due}`;
  }

  workspaces(): readonly Workspace[] {
    return this.#workspaces;
  }

  workspace(id: string): Workspace | undefined {
    return this.#workspaces.find(workspace => workspace.id === id);
  }

  workspaceOfKey(publishableKey: string): Workspace | undefined {
    return this.#workspaces.find(workspace => workspace.publishableKey === publishableKey);
  }

  connections(workspaceId: string): readonly Connection[] {
    return this.#connections.filter(connection => connection.workspaceId === workspaceId);
  }

  addConnection(workspaceId: string, provider: Provider, name: string): Connection {
    const connection: Connection = {
      id: `con_${randomUUID()}`,
      workspaceId,
      name,
      provider,
      auth: provider === 'webhook' ? 'webhook' : 'oauth',
      status: 'active',
      createdAt: this.#clock.now(),
    };
    this.#connections = [...this.#connections, connection];
    this.#mappings = [
      ...this.#mappings,
      {id: `map_${randomUUID()}`, connectionId: connection.id, source: 'email', target: 'email'},
    ];
    this.#touch(workspaceId);
    return connection;
  }

  /** Removes a connection with its mappings and the rules that point to it. */
  removeConnection(workspaceId: string, id: string): void {
    const connection = this.#connections.find(
      candidate => candidate.id === id && candidate.workspaceId === workspaceId,
    );
    if (!connection) throw notFound('There is no such connection in this workspace.');
    this.#connections = this.#connections.filter(candidate => candidate !== connection);
    this.#mappings = this.#mappings.filter(mapping => mapping.connectionId !== id);
    this.#rules = this.#rules.filter(rule => rule.connectionId !== id);
    this.#touch(workspaceId);
  }

  mappings(workspaceId: string): readonly Mapping[] {
    const ids = new Set(this.connections(workspaceId).map(connection => connection.id));
    return this.#mappings.filter(mapping => ids.has(mapping.connectionId));
  }

  rules(workspaceId: string, lock: ResourceLock = null): readonly Rule[] {
    return this.#rules.filter(rule => rule.workspaceId === workspaceId && seesRule(rule, lock));
  }

  addRule(
    workspaceId: string,
    rule: Pick<Rule, 'name' | 'event' | 'connectionId' | 'resource' | 'resourceId'>,
  ): Rule {
    const made: Rule = {
      ...rule,
      id: `rul_${randomUUID()}`,
      workspaceId,
      createdAt: this.#clock.now(),
    };
    this.#rules = [...this.#rules, made];
    this.#touch(workspaceId);
    return made;
  }

  removeRule(workspaceId: string, id: string, lock: ResourceLock = null): void {
    const rule = this.rules(workspaceId, lock).find(candidate => candidate.id === id);
    if (!rule) throw notFound('There is no such rule in this workspace.');
    this.#rules = this.#rules.filter(candidate => candidate !== rule);
    this.#touch(workspaceId);
  }

  addEvent(
    workspaceId: string,
    event: Pick<MeshesEvent, 'event' | 'payload' | 'resource' | 'resourceId' | 'createdBy'>,
  ): MeshesEvent {
    const made = {...event, id: randomUUID(), workspaceId, createdAt: this.#clock.now()};
    this.#accept(made);
    this.#touch(workspaceId);
    return made;
  }

  /** Newest first. */
  events(workspaceId: string, lock: ResourceLock = null): readonly MeshesEvent[] {
    return (this.#events.get(workspaceId) ?? []).filter(event => seesEvent(event, lock));
  }

  event(workspaceId: string, id: string, lock: ResourceLock = null): MeshesEvent {
    const event = this.events(workspaceId, lock).find(candidate => candidate.id === id);
    if (!event) throw notFound('There is no such event in this workspace.');
    return event;
  }

  deliveries(eventId: string): readonly Delivery[] {
    return this.#deliveries.get(eventId) ?? [];
  }

  #accept(event: MeshesEvent): void {
    const events = this.#events.get(event.workspaceId) ?? [];
    const deliveries: Delivery[] = [];
    for (const rule of this.#rules) {
      const connection = this.#connections.find(candidate => candidate.id === rule.connectionId);
      if (connection && ruleMatches(rule, event)) {
        deliveries.push(planDelivery(event, rule, connection));
      }
    }
    this.#events.set(event.workspaceId, [event, ...events].slice(0, maxEvents));
    for (const forgotten of events.slice(maxEvents - 1)) this.#deliveries.delete(forgotten.id);
    this.#deliveries.set(event.id, deliveries);
    const unsettled = this.#unsettled.get(event.workspaceId) ?? new Set();
    for (const delivery of deliveries) unsettled.add(delivery);
    this.#unsettled.set(event.workspaceId, unsettled);
  }

  #touch(workspaceId: string): void {
    this.#changes.set(workspaceId, (this.#changes.get(workspaceId) ?? 0) + 1);
  }
}
