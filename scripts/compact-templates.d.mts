/**
 * Removes indentation from the `css` and `html` templates of a module, and comments from its CSS.
 *
 * @throws Error for a template that cannot be compacted safely
 */
export function compactTemplates(code: string): {
  code: string;
  found: {css: number; html: number};
};
