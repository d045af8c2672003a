import path from 'node:path';
import ts from 'typescript';
import {EVENT_TYPES, EVENTS} from '../../../src/element/element-events.js';
import {root} from './markdown.js';

/** What the sources say about the public side of the element, read by the compiler. */

const {options} = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, 'tsconfig.json'), file => ts.sys.readFile(file)).config,
  ts.sys,
  root,
);
const file = (name: string) => path.join(root, 'src', name);
const program = ts.createProgram([file('define.ts')], options);
const checker = program.getTypeChecker();

function source(name: string): ts.SourceFile {
  const found = program.getSourceFile(file(name));
  if (!found) throw new Error(`src/${name} is not part of the element`);
  return found;
}

function find<Node extends ts.Node>(
  name: string,
  is: (node: ts.Node) => node is Node,
  identifier: string,
): Node {
  let found: Node | undefined;
  const visit = (node: ts.Node): void => {
    if (is(node) && (node as {name?: ts.Node}).name?.getText() === identifier) found ??= node;
    ts.forEachChild(node, visit);
  };
  visit(source(name));
  if (!found) throw new Error(`src/${name} has no ${identifier}`);
  return found;
}

/** The members of a union of string literals. */
function union(name: string, type: string): string[] {
  const declared = checker.getTypeAtLocation(find(name, ts.isTypeAliasDeclaration, type));
  const members = declared.isUnion() ? declared.types : [declared];
  return members.map(member => (member as ts.StringLiteralType).value);
}

/** The texts in an array literal. */
function list(name: string, constant: string): string[] {
  const {initializer} = find(name, ts.isVariableDeclaration, constant);
  return [...initializer!.getText().matchAll(/'([^']+)'/g)].map(([, text = '']) => text);
}

const element = find(
  'element/meshes-workspace.ts',
  ts.isClassDeclaration,
  'MeshesWorkspaceElement',
);

/** The names after a tag in the class's comment. */
function tagged(tag: string): string[] {
  return ts
    .getJSDocTags(element)
    .filter(({tagName}) => tagName.text === tag)
    .map(({comment}) => ts.getTextOfJSDocComment(comment) ?? '')
    .map(text => /^(?:\{.*?\} )?\[?([\w-]+)/.exec(text)?.[1] ?? text);
}

export const errorCodes = union('errors.ts', 'MeshesErrorCode');
export const retryableCodes = [
  ...list('errors.ts', 'RETRYABLE_OF_ENDPOINTS'),
  ...list('errors.ts', 'RETRYABLE'),
];
export const warningCodes = union('errors.ts', 'MeshesWarningCode').filter(
  code => !errorCodes.includes(code),
);
export const states = union('element/element-events.ts', 'MeshesWorkspaceState');
export const cancelable = EVENT_TYPES.filter(type => EVENTS[type].cancelable);
export const slots = tagged('slot');
export const parts = tagged('csspart');
export const cssProperties = tagged('cssprop');
export const cssStates = tagged('cssstate');
export const firedEvents = tagged('fires');

/** Each event with the fields of its detail, or with the name of the class that the detail is. */
export const events = new Map(
  find(
    'element/element-events.ts',
    ts.isInterfaceDeclaration,
    'MeshesWorkspaceEventMap',
  ).members.map(member => {
    const name = (member.name as ts.StringLiteral).text;
    const event = checker.getTypeAtLocation(member) as ts.TypeReference;
    const detail = checker.getTypeArguments(event)[0]!;
    const fields = checker.getPropertiesOfType(detail).map(field => field.name);
    return [name, detail.isClass() ? detail.symbol.name : `{${fields.join(', ')}}`] as const;
  }),
);

const isPublic = (member: ts.ClassElement) =>
  member.name !== undefined &&
  ts.isIdentifier(member.name) &&
  !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Protected | ts.ModifierFlags.Private));
/** What other parts of the package call. */
const isInternal = (member: ts.ClassElement) =>
  ts.getJSDocTags(member).some(({tagName}) => tagName.text === 'internal');
const isStatic = (member: ts.ClassElement) =>
  (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
const nameOf = (member: ts.ClassElement) => (member.name as ts.Identifier).text;
const members = element.members.filter(member => isPublic(member) && !isInternal(member));

/** What browsers and Lit call is public by necessity. */
const CALLBACKS = /Callback$/;
const OF_LIT = ['styles', 'properties', 'shadowRootOptions'];

export const methods = members
  .filter(member => ts.isMethodDeclaration(member) && !isStatic(member))
  .map(nameOf)
  .filter(name => !CALLBACKS.test(name));
export const statics = members
  .filter(isStatic)
  .map(nameOf)
  .filter(name => !OF_LIT.includes(name));
const accessors = (kind: (node: ts.Node) => boolean) => members.filter(kind).map(nameOf);
export const readOnly = accessors(ts.isGetAccessor).filter(
  name => !accessors(ts.isSetAccessor).includes(name),
);

/** The names that a page can import from `meshes-workspace`. */
export const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(source('define.ts'))!)
  .map(({name}) => name);
