import type {PropertyDeclaration} from 'lit';

/** Defaults of the properties that have one. */
export const DEFAULTS = {
  minHeight: 480,
  maxHeight: 20_000,
  fit: 'content',
  frameTitle: 'Meshes workspace',
  loading: 'eager',
  csrfHeader: 'X-CSRF-Token',
  readyTimeout: 30_000,
} as const;

/** Returns the trimmed text of a value, or null: frameworks write `false`, `null`, or `""` for a value that is not set. */
export function normalizeText(value: string | number | boolean | null | undefined): string | null {
  const text = String(value ?? '').trim();
  return ['', 'false', 'null', 'undefined'].includes(text) ? null : text;
}

/** Returns the number that a value stands for, or NaN. */
export function numberOr(fallback: number, value: string | number | null | undefined): number {
  const text = normalizeText(value);
  return text === null ? fallback : Number(text);
}

/**
 * Returns a declaration without a prototype. Lit reads fields that are not set (`state`, `hasChanged`, …), and a script on the page
 * may have added one of these names to `Object.prototype`.
 */
export function declaration(fields: PropertyDeclaration): PropertyDeclaration {
  return Object.assign(Object.create(null) as PropertyDeclaration, fields);
}

/** Returns the declaration of a property with a text attribute. */
export function text(attribute: string, fallback: string | null = null): PropertyDeclaration {
  return declaration({
    attribute,
    converter: {fromAttribute: value => normalizeText(value) ?? fallback},
  });
}

export function number(attribute: string, fallback: number): PropertyDeclaration {
  return declaration({
    attribute,
    converter: {fromAttribute: value => numberOr(fallback, value)},
  });
}

export function flag(attribute: string): PropertyDeclaration {
  return declaration({
    attribute,
    converter: {fromAttribute: value => value !== null && value !== 'false'},
  });
}

const warned = new Set<string>();

/** Logs a warning for the developer of the page, once for each message. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(`<meshes-workspace>: ${message}`);
}

/** Warns of property names that a framework has written as attributes, such as `launchurl`: they have no effect. */
export function warnOfLostAttributes(
  element: Element,
  properties: Record<string, PropertyDeclaration>,
): void {
  for (const [property, {attribute}] of Object.entries(properties)) {
    const lost = property.toLowerCase();
    if (typeof attribute === 'string' && lost !== attribute && element.hasAttribute(lost)) {
      warnOnce(`the attribute ${lost} has no effect. Write ${attribute}.`);
    }
  }
}
