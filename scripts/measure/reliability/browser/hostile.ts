import fc from 'fast-check';

/** One of them is a published message, or begins like one. */
const type = fc.constantFrom(
  'meshes:ready',
  'meshes:token-refresh',
  'meshes:token-expired',
  'meshes:navigate',
  'meshes:resize',
  'meshes:auth',
  'meshes:',
  'MESHES:READY',
  'meshes:ready ',
  '__proto__',
);
const anything = fc.anything({
  maxDepth: 2,
  maxKeys: 4,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
});
const height = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(1e9, -1, NaN, Infinity),
  anything,
);
const path = fc.oneof(
  fc.string(),
  fc.webPath(),
  fc.constantFrom('//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\u0000b'),
  anything,
);
const ownPrototype = fc.constant(
  JSON.parse('{"__proto__": {"type": "meshes:ready"}, "constructor": 1}') as object,
);

const message = fc.oneof(
  {arbitrary: anything, weight: 3},
  {arbitrary: fc.record({type}), weight: 2},
  {arbitrary: fc.record({type: fc.constant('meshes:resize'), height}), weight: 2},
  {arbitrary: fc.record({type: fc.constant('meshes:navigate'), path, data: anything}), weight: 2},
  {
    arbitrary: fc.record({type: fc.oneof(type, anything), token: anything, extra: anything}),
    weight: 2,
  },
  {
    arbitrary: fc
      .tuple(fc.record({type}), ownPrototype)
      .map(pair => Object.assign({}, ...pair) as unknown),
    weight: 1,
  },
);

/** Generated messages; the same ones for the same seed. */
export function hostileMessages(count: number, seed: number): unknown[] {
  return fc.sample(message, {numRuns: count, seed});
}
