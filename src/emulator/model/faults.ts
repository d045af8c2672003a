import {randomUUID} from 'node:crypto';
import type {Fault, FaultRule, FaultSelector} from '../emulator-types.js';

/** The sender of a request, as far as the request shows it. */
export interface Subject {
  readonly sessionId?: string | undefined;
  readonly externalUserId?: string | null | undefined;
  readonly workspaceId?: string | undefined;
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  readonly matches: (method: string, path: string) => boolean;
  hits: number;
}

export interface Faults {
  add(rule: FaultRule): Fault;
  /** Removes the fault with an ID, the faults of a scope, or all. */
  clear(which?: FaultSelector): number;
  list(): readonly Fault[];
  /** Whether any fault applies to this route, for any sender. Fast enough for each request. */
  concern(method: string, path: string): boolean;
  /** Returns the first fault that applies to the request, and counts it. */
  take(method: string, path: string, subject: Subject): FaultRule | undefined;
}

const scopeKeys = ['sessionId', 'externalUserId', 'workspaceId'] as const;

export const createFaults = (): Faults => {
  let entries: Entry[] = [];
  const view = ({id, rule, hits}: Entry): Fault => ({...rule, id, hits});
  return {
    add(rule) {
      const entry = {id: randomUUID(), rule, matches: compileRoute(rule.route), hits: 0};
      entries.push(entry);
      return view(entry);
    },
    clear(which = {}) {
      const before = entries.length;
      entries = entries.filter(
        entry =>
          (which.id !== undefined && which.id !== entry.id) ||
          scopeKeys.some(key => which[key] !== undefined && which[key] !== entry.rule[key]),
      );
      return before - entries.length;
    },
    list: () => entries.map(view),
    concern: (method, path) => entries.some(entry => entry.matches(method, path)),
    take(method, path, subject) {
      const entry = entries.find(
        candidate =>
          candidate.matches(method, path) &&
          scopeKeys.every(
            key => candidate.rule[key] === undefined || candidate.rule[key] === subject[key],
          ),
      );
      if (!entry) return undefined;
      entry.hits++;
      if (entry.hits === entry.rule.count) entries = entries.filter(other => other !== entry);
      return entry.rule;
    },
  };
};

const compileRoute = (route: string): ((method: string, path: string) => boolean) => {
  const [wantedMethod = '*', pattern = ''] = route.split(' ');
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z_]+/g, '[^/]+')
    .replace(/\*$/, '.*');
  const expression = new RegExp(`^${source}$`);
  return (method, path) =>
    (wantedMethod === '*' || wantedMethod === method) && expression.test(path);
};
