import {plainCopy} from './plain-copy.js';
import {isSafePath} from './safe-path.js';

/*
 * The wire format: what a workspace posts to its host page. `meshes:auth`, the one message in the
 * other direction, is posted by the channel.
 *
 * These checks use no schema library: zod does not load in a page where an old script has added an
 * enumerable method to `Object.prototype`, and reads settings of its schemas from there
 * (docs/maintainers/decisions/0017). A test compares them with zod schemas.
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
  /** Not read yet: `readNavigation` does, which costs more than the other messages together. */
  | {type: 'meshes:navigate'; fields: object}
  | {type: 'meshes:resize'; height: number};

/** Where the frame went to. */
export interface Navigation {
  /** Absolute path inside the workspace; null if the frame sent none, or one that is not safe. */
  path: string | null;
  /** The other fields, if they are small plain JSON; else empty. */
  data: Record<string, unknown>;
}

/** The message that a frame posted, or null for anything that is not one of the published messages. */
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

/** Reads the fields of `meshes:navigate`. The contract publishes none: anything can be there. */
export function readNavigation(fields: object): Navigation {
  const path = ownField(fields, 'path');
  const copy = plainCopy(fields) as Record<string, unknown> | undefined;
  const {type: _type, ...data} = copy ?? {};
  if (typeof path === 'string') delete data.path;
  return {path: isSafePath(path) ? path : null, data};
}

/** Own fields only: a polluted `Object.prototype` must not supply a type or a height. */
function ownField(data: unknown, name: string): unknown {
  return typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined;
}
