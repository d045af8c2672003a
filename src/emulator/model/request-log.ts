/** Number of responses by route and status, for tests that count requests. */
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

/** Replaces IDs by names, so that the log has a bounded size, and does not distinguish sessions. */
const routeOf = (path: string): string =>
  path
    .replace(/\/sessions\/[^/]+/, '/sessions/:sessionId')
    .replace(/\/(events|rules|connections|workspaces)\/(?!bulk$)[^/]+/, '/$1/:id')
    .replace(/^\/assets\/.*/, '/assets/*');
