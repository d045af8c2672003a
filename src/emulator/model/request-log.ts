/** Counts of answers, per route and status, for tests that ask how often something was asked. */
export interface RequestLog {
  record(method: string, path: string, status: number): void;
  counts(): Readonly<Record<string, Readonly<Record<string, number>>>>;
  reset(): void;
}

export const createRequestLog = (): RequestLog => {
  const counts = new Map<string, Map<number, number>>();
  return {
    record(method, path, status) {
      const route = `${method} ${routeOf(path)}`;
      const statuses = counts.get(route) ?? new Map<number, number>();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      counts.set(route, statuses);
    },
    counts: () =>
      Object.fromEntries(
        [...counts].map(([route, statuses]) => [route, Object.fromEntries(statuses)]),
      ),
    reset: () => counts.clear(),
  };
};

/** Ids become names, so that the log neither grows without end nor tells one session from another. */
const routeOf = (path: string): string =>
  path
    .replace(/\/sessions\/[^/]+/, '/sessions/:sessionId')
    .replace(/\/(events|rules|connections|workspaces)\/(?!bulk$)[^/]+/, '/$1/:id')
    .replace(/^\/assets\/.*/, '/assets/*');
