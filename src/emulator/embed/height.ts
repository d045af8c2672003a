/**
 * Reports the height of the content, never that of the document or the window: those follow the
 * frame, and a host that follows them in turn would never come to rest.
 */
export const watchHeight = (
  content: HTMLElement,
  report: (height: number) => void,
): {measure(): void} => {
  let reported = -1;
  const measure = (): void => {
    const height = Math.ceil(content.getBoundingClientRect().height);
    if (height === reported) return;
    reported = height;
    report(height);
  };
  new ResizeObserver(measure).observe(content);
  return {measure};
};
