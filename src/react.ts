'use client';

import 'meshes-workspace';
import {
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useInsertionEffect,
  useLayoutEffect,
  useRef,
  type ForwardRefExoticComponent,
  type HTMLAttributes,
  type RefAttributes,
} from 'react';
import {EVENT_TYPES} from './element/element-events.js';
import type {MeshesWorkspaceElement, MeshesWorkspaceEventMap} from './element/index.js';
import type {keep as keepWorkspace, KeepOptions} from 'meshes-workspace/instant';

/** The properties of the element that a page can set. */
const PROPERTIES = [
  'launchUrl',
  'sessionId',
  'tokenEndpoint',
  'refreshEndpoint',
  'embedOrigin',
  'launchPage',
  'subject',
  'minHeight',
  'maxHeight',
  'fit',
  'frameTitle',
  'loading',
  'credentials',
  'csrfMeta',
  'csrfCookie',
  'csrfHeader',
  'sandbox',
  'allow',
  'readyTimeout',
  'debug',
  'requestHeaders',
  'sessionProvider',
] as const;
type Property = (typeof PROPERTIES)[number];

type EventType = keyof MeshesWorkspaceEventMap;
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${Camel<Tail>}`
  : Capitalize<Name>;
/** `onStateChange` for `meshes-state-change`. */
type CallbackName<Type extends EventType> = Type extends `meshes-${infer Name}`
  ? `on${Camel<Name>}`
  : never;
type Callbacks = {
  [Type in EventType as CallbackName<Type>]?:
    ((event: MeshesWorkspaceEventMap[Type]) => void) | undefined;
};

type Properties = {[Name in Property]?: MeshesWorkspaceElement[Name] | null | undefined};

/**
 * Properties of `<meshes-workspace>` (null and undefined stand for the default), a callback for each
 * of its events, and what any HTML element takes. Children with `slot="loading"`, `"error"` or
 * `"expired"` replace the built-in views.
 */
export interface MeshesWorkspaceProps
  extends
    Properties,
    Callbacks,
    Omit<HTMLAttributes<MeshesWorkspaceElement>, keyof Callbacks | Property> {
  /**
   * Keeps the workspace when the component is removed, and shows it again in the next component with the same properties. Read
   * when the component is removed. With `requestHeaders` or `sessionProvider`, set `subject`, too.
   */
  keep?: boolean | KeepOptions | undefined;
}

const callbackOf = (type: EventType) =>
  type
    .replace('meshes', 'on')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Callbacks;
const CALLBACKS = EVENT_TYPES.map(type => [type, callbackOf(type)] as const);

const notAttributes = new Set<string>([
  ...PROPERTIES,
  ...CALLBACKS.map(([, name]) => name),
  'keep',
]);

// React 18 warns of layout effects on a server, where neither kind runs.
const useCommit = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/**
 * `<meshes-workspace>` for React 18 and 19, on the client and rendered on a server. The ref is the
 * element itself, with its methods.
 *
 * Properties reach the element as properties, and listeners are added once and call the callback of
 * the latest render, so that headers, a provider and callbacks can be written inline. While React hides
 * the component, callbacks are called, and changed properties wait until it is shown.
 */
export const MeshesWorkspace: ForwardRefExoticComponent<
  MeshesWorkspaceProps & RefAttributes<MeshesWorkspaceElement>
> = forwardRef<MeshesWorkspaceElement, MeshesWorkspaceProps>((props, ref) => {
  const own = useRef<MeshesWorkspaceElement>(null);
  const latest = useRef<MeshesWorkspaceProps>({});
  const callbacks = useRef<Callbacks>({});
  const removals = useRef<(() => void)[]>([]);
  const keepNow = useRef<typeof keepWorkspace | null>(null);

  useImperativeHandle(ref, () => own.current!, []);

  useCommit(() => {
    const previous = latest.current;
    latest.current = props;
    for (const name of PROPERTIES) setProperty(own.current!, name, props, previous);
  });

  // While React hides a component (`<Activity>`, a boundary that suspends again), its element stays in the page and has events.
  // Layout effects end then, and insertion effects end with the component.
  useInsertionEffect(() => {
    callbacks.current = props;
  });
  useInsertionEffect(
    () => () => {
      const {keep} = latest.current;
      // The element is still in the page.
      if (keep) keepNow.current?.(own.current!, keep === true ? {} : keep);
      removals.current.splice(0).forEach(remove => remove());
    },
    [],
  );

  const keeps = !!props.keep;
  useCommit(() => {
    if (!keeps) return;
    import('meshes-workspace/instant').then(
      module => (keepNow.current = module.keep),
      // Then nothing is kept.
      () => {},
    );
  }, [keeps]);

  useCommit(() => {
    // Shown again.
    if (removals.current.length > 0) return;
    const element = own.current!;
    // Not `{signal}`, which zone.js before 0.14 ignores.
    for (const [type, callback] of CALLBACKS) {
      const listener = (event: Event) =>
        (callbacks.current[callback] as ((event: Event) => void) | undefined)?.(event);
      element.addEventListener(type, listener);
      removals.current.push(() => element.removeEventListener(type, listener));
    }
    // Server-rendered, it is there long before its listeners, its headers and its provider are.
    element.removeAttribute('defer-hydration');
  }, []);

  return createElement('meshes-workspace', {
    ...hostAttributes(props),
    'defer-hydration': '',
    ref: own,
  });
});
MeshesWorkspace.displayName = 'MeshesWorkspace';

/** What was never given stays as it is; what is no longer given goes back to the default. */
function setProperty(element: object, name: string, props: object, previous: object): void {
  const value = (Reflect.get(props, name) as unknown) ?? null;
  const before = (Reflect.get(previous, name) as unknown) ?? null;
  if (value !== before) Reflect.set(element, name, value);
}

/** Attributes of the HTML: what every element has, and what decides on the height before the script runs. */
function hostAttributes({
  className,
  hidden,
  inert,
  ...props
}: MeshesWorkspaceProps & {inert?: boolean}) {
  const others = Object.entries(props).filter(([name]) => !notAttributes.has(name));
  return {
    ...Object.fromEntries(others),
    class: className,
    // React 18 writes `false` as an attribute, and so would hide it.
    hidden: hidden || undefined,
    inert: inert || undefined,
    'min-height': props.minHeight ?? undefined,
    fit: props.fit ?? undefined,
  };
}
