import {plainCopy} from './plain-copy.js';
import {isSafePath} from './safe-path.js';

/*
 * The messages that a workspace posts to its host page. The channel posts `meshes:auth`, the only message in the other direction.
 *
 * These checks use no schema library: zod does not load if a script has added an enumerable method to `Object.prototype`, and reads
 * settings of its schemas from there (docs/maintainers/decisions/0017). A test compares these checks with zod schemas.
 */

const TYPES = [
  'meshes:ready',
  'meshes:token-refresh',
  'meshes:token-expired',
  'meshes:navigate',
  'meshes:resize',
] as const;

type MessageType = (typeof TYPES)[number];

/** A message without fields. */
type Signal<Type extends MessageType> = Type extends MessageType ? {type: Type} : never;

export type FrameMessage =
  | Signal<Exclude<MessageType, 'meshes:navigate' | 'meshes:resize'>>
  /** Its fields are read later, by `readNavigation`: that costs more than all other messages together. */
  | {type: 'meshes:navigate'; fields: object}
  | {type: 'meshes:resize'; height: number};

/** A navigation inside the frame. */
export interface Navigation {
  /** Absolute path inside the workspace; null if the frame sent no safe path. */
  path: string | null;
  /** The other fields, if they are small plain JSON; else empty. */
  data: Record<string, unknown>;
}

/** Returns the message that a frame posted, or null for anything that is not a published message. */
export function parseMessage(data: unknown): FrameMessage | null {
  const type = TYPES.find(known => known === ownField(data, 'type'));
  switch (type) {
    case undefined:
      return null;
    case 'meshes:resize': {
      const height = ownField(data, 'height');
      return typeof height === 'number' && height >= 0 && height < Infinity ? {type, height} : null;
    }
    case 'meshes:navigate':
      return {type, fields: data as object};
    default:
      return {type};
  }
}

/** Reads the fields of `meshes:navigate`. Meshes publishes no fields, so it can have any. */
export function readNavigation(fields: object): Navigation {
  const path = ownField(fields, 'path');
  const copy = plainCopy(fields) as Record<string, unknown> | undefined;
  const {type: _type, ...data} = copy ?? {};
  if (typeof path === 'string') delete data.path;
  return {path: isSafePath(path) ? path : null, data};
}

/** Reads an own field: a polluted `Object.prototype` must not supply a type or a height. */
function ownField(data: unknown, name: string): unknown {
  return typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined;
}
