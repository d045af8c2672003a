/** Renames fields to the form that Meshes uses: `launchPage` becomes `launch_page`. */
export function toSnakeCase(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      value as unknown,
    ]),
  );
}
