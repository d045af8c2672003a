/**
 * Reports the height of the content, and not of the document or the window. These depend on the height of the frame, so a host that
 * applies them would cause a resize loop.
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
