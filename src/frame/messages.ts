import * as z from 'zod/v4/core';
import {textLike} from './text-like.js';

/*
 * The wire: what a workspace posts to its host page. `meshes:auth`, the one message in the other
 * direction, is posted by the channel.
 */

const Type = textLike(/^meshes:(ready|token-(refresh|expired)|navigate|resize)$/);
// zod's number is finite: NaN and Infinity are refused.
const Height = new z.$ZodNumber({type: 'number', checks: [z._nonnegative()]});
// The contract publishes no fields for meshes:navigate. A path is an absolute one on the same
// origin: not `//host`, not `/\host`, no control characters, nothing that a host could be led away by.
const Path = textLike(/^(?=[^]{1,2048}$)\/(?![/\\])[^\\\u0000-\u001f\u007f]*$/);

export type FrameMessage =
  | {type: 'meshes:ready' | 'meshes:token-refresh' | 'meshes:token-expired'}
  | {type: 'meshes:navigate'; path: string | null; data: Record<string, unknown>}
  | {type: 'meshes:resize'; height: number};

/** What a frame said, or null for anything that is not one of the published messages. */
export function parseMessage(data: unknown): FrameMessage | null {
  // Own fields only: a polluted Object.prototype must not supply a type or a height.
  const type = z.safeParse(Type, ownField(data, 'type')).data as FrameMessage['type'] | undefined;
  if (type === undefined) return null;
  if (type === 'meshes:resize') {
    const height = z.safeParse(Height, ownField(data, 'height'));
    return height.success ? {type, height: height.data} : null;
  }
  if (type === 'meshes:navigate') {
    const path = z.safeParse(Path, ownField(data, 'path'));
    return {type, path: path.success ? path.data : null, data: otherFields(data as object)};
  }
  return {type};
}

function ownField(data: unknown, name: string): unknown {
  return typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined;
}

/** A JSON copy of everything but `type` and a `path` that is a string; empty where JSON has no form for it. */
function otherFields(data: object): Record<string, unknown> {
  const {type: _type, ...fields} = data as Record<string, unknown>;
  if (typeof fields.path === 'string') delete fields.path;
  try {
    // The frame could send `__proto__` as an own key, for a host that merges objects.
    return JSON.parse(JSON.stringify(fields), (key, value: unknown) =>
      key === '__proto__' ? undefined : value,
    ) as Record<string, unknown>;
  } catch {
    return {};
  }
}
