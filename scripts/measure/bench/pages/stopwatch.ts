/*
 * On host pages: takes the time from the tag in the document on, and reports what the frame tells. Both use the wall clock
 * that `performance.timeOrigin` is on, so that their times can be compared.
 */

/** Wall clock in ms. */
export interface FrameTimes {
  /** The frame's script began to speak. */
  spoke: number;
  /** The token was there. */
  arrived: number;
}

export interface LoadReport extends FrameTimes {
  /** The page was navigated to. */
  navigated: number;
  /** The tag was about to be in the document. */
  started: number;
  /** The request for the token was begun. */
  requested: number | null;
  /** From the tag to the request, and from its response to the request of the frame: what the host page did meanwhile. */
  ownWork: number | null;
}

const now = () => performance.timeOrigin + performance.now();
const id = new URLSearchParams(location.search).get('report') ?? '';
let started = 0;

export interface Stopwatch {
  start(): void;
  stop(times: FrameTimes): void;
  now(): number;
}

const stopwatch: Stopwatch = {
  now,
  start: () => (started = now()),
  stop: ({spoke, arrived}) => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const request = entries.find(({name}) => name.includes('/session'));
    const frame = entries.find(({initiatorType}) => initiatorType === 'iframe');
    const report: LoadReport = {
      navigated: performance.timeOrigin,
      started,
      ownWork: request && frame ? workOf(started, request, frame) : null,
      requested: request ? performance.timeOrigin + request.startTime : null,
      spoke,
      arrived,
    };
    void fetch(`/report/${id}`, {method: 'POST', body: JSON.stringify(report)});
  },
};
/** A request may have been begun, or answered, before the tag. */
function workOf(
  tag: number,
  request: PerformanceResourceTiming,
  frame: PerformanceResourceTiming,
): number {
  const tagTime = tag - performance.timeOrigin;
  const toRequest = Math.max(0, request.startTime - tagTime);
  return toRequest + frame.startTime - Math.max(tagTime, request.responseEnd);
}
Object.assign(globalThis, {stopwatch});
addEventListener('message', ({data}: MessageEvent<{stopwatch?: FrameTimes} | null>) => {
  if (data?.stopwatch) stopwatch.stop(data.stopwatch);
});
