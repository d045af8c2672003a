/** Finds the property names that only the modules in `folder` use, sorted. */
export function findInternalNames(options: {
  tsconfig: string;
  folder: string;
  /** The modules that are bundled. */
  entries: string[];
}): string[];
