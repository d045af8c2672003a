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

/** The trimmed text of a value, or null: frameworks write `false`, `null`, and `""` for a value that is not set. */
export function normalizeText(value: string | number | boolean | null | undefined): string | null {
  const text = String(value ?? '').trim();
  return ['', 'false', 'null', 'undefined'].includes(text) ? null : text;
}

/** The number that a value stands for; NaN if it is not a number. */
export function numberOr(fallback: number, value: string | number | null | undefined): number {
  const text = normalizeText(value);
  return text === null ? fallback : Number(text);
}

/**
 * A declaration without a prototype: Lit reads fields that are not set (`state`, `hasChanged`, …),
 * and a script on the page may have added one of that name to `Object.prototype`.
 */
export function declaration(fields: PropertyDeclaration): PropertyDeclaration {
  return Object.assign(Object.create(null) as PropertyDeclaration, fields);
}

/** An attribute with a text; kebab-case names are derived from the property's. */
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

/** The element writes to the console for the people who set it up, and once for each mistake. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(`<meshes-workspace>: ${message}`);
}

/** A framework that writes a property's name as an attribute loses it: `launchurl`. */
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
