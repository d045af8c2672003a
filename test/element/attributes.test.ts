import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, mock, test} from 'node:test';
import type {ComplexAttributeConverter, PropertyDeclaration} from 'lit';
import {flag, number, text, warnOfLostAttributes} from '../../src/element/attributes.js';
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

describe('the value of a property that comes from an attribute', () => {
  const read = ({converter}: PropertyDeclaration, value: string | null): unknown =>
    (converter as ComplexAttributeConverter).fromAttribute!(value);

  test('reads a text attribute without the spaces around it', () => {
    assert.equal(read(text('fit', 'content'), ' fill '), 'fill');
    assert.equal(read(text('subject'), '0'), '0');
  });

  for (const value of [null, '', ' ', 'false', 'null', 'undefined']) {
    test(`uses the default of a property if its attribute is ${JSON.stringify(value)}`, () => {
      assert.equal(read(text('fit', 'content'), value), 'content');
      assert.equal(read(text('subject'), value), null);
      assert.equal(read(number('min-height', 480), value), 480);
    });
  }

  test('reads a number from an attribute, or NaN from a text that is not a number', () => {
    assert.equal(read(number('min-height', 480), '600'), 600);
    assert.equal(read(number('min-height', 480), '0'), 0);
    assert.ok(Number.isNaN(read(number('min-height', 480), 'tall')));
  });

  test('reads a boolean attribute as true if it is present, unless its text is false', () => {
    const debug = flag('debug');
    assert.deepEqual(
      ['', 'debug', 'true', 'false', null].map(value => read(debug, value)),
      [true, true, true, false, false],
    );
  });
});
