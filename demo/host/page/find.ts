/** An element that the server has put on this page. */
export const find = (selector: string): HTMLElement => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`The page lacks ${selector}`);
  return element;
};
