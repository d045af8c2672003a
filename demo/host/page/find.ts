/** Returns an element of the page, which the server has rendered. */
export const find = (selector: string): HTMLElement => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`The page lacks ${selector}`);
  return element;
};
