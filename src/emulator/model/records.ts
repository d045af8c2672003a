import {notFound} from '../api-error.js';

/** Filter of a list of rules or events. */
export interface Filter {
  readonly workspaceId?: string | undefined;
  readonly event?: string | undefined;
  readonly resource?: string | undefined;
  readonly resourceId?: string | undefined;
}

/** Whether a filter includes a rule or an event. */
export const fits = (
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

/** Returns a list with the record of this ID replaced. */
export const replace = <T extends {readonly id: string}>(
  list: readonly T[],
  changed: T,
): readonly T[] => list.map(item => (item.id === changed.id ? changed : item));

/** Returns the record. @throws 404 without one */
export const found = <T>(item: T | undefined, what: string): T => {
  if (item === undefined) throw notFound(`There is no such ${what}.`);
  return item;
};
