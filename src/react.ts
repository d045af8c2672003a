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

/** Properties of the element that a page can set. */
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
/** The callback of an event: `onStateChange` for `meshes-state-change`. */
type CallbackName<Type extends EventType> = Type extends `meshes-${infer Name}`
  ? `on${Camel<Name>}`
  : never;
type Callbacks = {
  [Type in EventType as CallbackName<Type>]?:
    ((event: MeshesWorkspaceEventMap[Type]) => void) | undefined;
};

// By `keyof`, so that editors show the documentation of the element's properties.
type Properties = {
  [Name in keyof Pick<MeshesWorkspaceElement, Property>]?:
    MeshesWorkspaceElement[Name] | null | undefined;
};

/**
 * Props of `<MeshesWorkspace>`: the properties of `<meshes-workspace>` (null and undefined stand for the default), a callback for each
 * of its events, and the props of any HTML element. Children with `slot="loading"`, `"error"`, or `"expired"` replace the built-in views.
 */
export interface MeshesWorkspaceProps
  extends
    Properties,
    Callbacks,
    Omit<HTMLAttributes<MeshesWorkspaceElement>, keyof Callbacks | Property> {
  /**
   * Whether to keep the workspace when the component is removed. The next component with the same properties shows it again. Read
   * when the component is removed; default `false`. With `requestHeaders` or `sessionProvider`, set `subject`, too.
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

// On a server, effects do not run, but React 18 warns of layout effects there.
const useCommit = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/**
 * Renders `<meshes-workspace>`, for React 18 and 19, also on a server. The ref is the element itself, with its methods.
 *
 * Headers, a provider, and callbacks can be written inline: objects and functions are set as properties of the element, and events call
 * the callback of the latest render. While React hides the component, callbacks are still called. Changed properties are set when the
 * component is shown again.
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

  // While React hides a component (`<Activity>`, a boundary that suspends again), its element stays in the page and fires events.
  // Layout effects end when the component is hidden, insertion effects when it is removed.
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
      // The module did not load, so nothing is kept.
      () => {},
    );
  }, [keeps]);

  useCommit(() => {
    // The component is shown again.
    if (removals.current.length > 0) return;
    const element = own.current!;
    // Not `{signal}`, which zone.js before 0.14 ignores.
    for (const [type, callback] of CALLBACKS) {
      const listener = (event: Event) =>
        (callbacks.current[callback] as ((event: Event) => void) | undefined)?.(event);
      element.addEventListener(type, listener);
      removals.current.push(() => element.removeEventListener(type, listener));
    }
    // A server-rendered element is in the page before its listeners, headers, and provider are set.
    element.removeAttribute('defer-hydration');
  }, []);

  return createElement('meshes-workspace', {
    ...hostAttributes(props),
    'defer-hydration': '',
    ref: own,
  });
});
MeshesWorkspace.displayName = 'MeshesWorkspace';

/** Sets a property. A prop that was never passed changes nothing; one that is no longer passed resets the property. */
function setProperty(element: object, name: string, props: object, previous: object): void {
  const value = (Reflect.get(props, name) as unknown) ?? null;
  const before = (Reflect.get(previous, name) as unknown) ?? null;
  if (value !== before) Reflect.set(element, name, value);
}

/** Returns the attributes for the HTML: those of any element, and those that set the height before the script runs. */
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
    // React 18 would write `false` as an attribute, which hides the element.
    hidden: hidden || undefined,
    inert: inert || undefined,
    'min-height': props.minHeight ?? undefined,
    fit: props.fit ?? undefined,
  };
}
