import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, mock, test} from 'node:test';
import {warnOfLostAttributes} from '../../src/element/attributes.js';
import {MeshesWorkspaceElement} from '../../src/element/meshes-workspace.js';

/** An element that has these attributes; no more is looked at. */
const withAttributes = (...names: string[]): Element =>
  ({hasAttribute: (name: string) => names.includes(name)}) as Element;

const {properties} = MeshesWorkspaceElement;
/** The properties that an attribute in lower case does not set: `launchurl` is not `launch-url`. */
const misspelled = Object.entries(properties).flatMap(([property, {attribute}]) =>
  typeof attribute === 'string' && attribute !== property.toLowerCase()
    ? [{lost: property.toLowerCase(), attribute}]
    : [],
);

describe('the warning of an attribute without a hyphen', () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    mock.method(console, 'warn', (text: string) => void warnings.push(text));
  });
  afterEach(() => mock.restoreAll());

  test('finds launchurl and at least ten more attributes that need a hyphen', () => {
    assert.ok(
      misspelled.some(({lost}) => lost === 'launchurl'),
      'launchurl is not one of them',
    );
    assert.ok(misspelled.length > 10, 'there are 10 or fewer');
  });

  for (const {lost, attribute} of misspelled) {
    test(`warns once about the attribute ${lost}, and names ${attribute}`, () => {
      warnOfLostAttributes(withAttributes(lost), properties);
      assert.equal(warnings.length, 1);
      assert.match(
        warnings[0]!,
        new RegExp(`^<meshes-workspace>: .*\\b${lost}\\b.*\\b${attribute}\\b`),
      );
      warnOfLostAttributes(withAttributes(lost), properties);
      warnOfLostAttributes(withAttributes(lost, attribute), properties);
      assert.equal(warnings.length, 1);
    });
  }

  test('does not warn about attributes that are spelled as documented', () => {
    const documented = Object.values(properties).flatMap(({attribute}) =>
      typeof attribute === 'string' ? [attribute] : [],
    );
    const known = ['loading', 'fit', 'launch-url'];
    assert.deepEqual(
      known.filter(name => !documented.includes(name)),
      [],
    );
    warnOfLostAttributes(withAttributes(...documented), properties);
    assert.deepEqual(warnings, []);
  });

  test('does not warn about properties without an attribute', () => {
    warnOfLostAttributes(withAttributes('requestheaders', 'sessionprovider'), properties);
    warnOfLostAttributes(withAttributes(), properties);
    assert.deepEqual(warnings, []);
  });
});
