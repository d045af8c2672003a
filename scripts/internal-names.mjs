import path from 'node:path';
import ts from 'typescript';

/** Functions of these types keep or pass on what they are given. No other code sees it. */
const COLLECTIONS = new Set(
  ['Array', 'ReadonlyArray', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise'].flatMap(name => [
    name,
    `${name}Constructor`,
  ]),
);

/**
 * Finds the property names that only the modules in `folder` use, so that the build of the CDN files can shorten them.
 *
 * A name is left out if any property of that name is declared elsewhere (the DOM, Lit), or can be seen from elsewhere:
 *
 * - by the types that an entry exports
 * - as part of an argument of a function that is declared elsewhere: `postMessage`, `JSON.stringify`, `new CustomEvent`
 * - as part of a type that a value is asserted to have (`as`): the value may come from elsewhere
 * - because our code only reads it: its values come from elsewhere
 * - by a computed name: the name is a text in the code, or the object is read by a name that is not a literal
 *
 * @param {{tsconfig: string, folder: string, entries: string[]}} options `entries`: the modules that are bundled
 * @returns {string[]} sorted
 */
export function findInternalNames({tsconfig, folder, entries}) {
  const {config} = ts.readConfigFile(tsconfig, name => ts.sys.readFile(name));
  const {options} = ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(tsconfig));
  const program = ts.createProgram(entries, {...options, noEmit: true});
  const checker = program.getTypeChecker();
  const root = path.resolve(folder) + path.sep;
  const isOwn = node => path.resolve(node.getSourceFile().fileName).startsWith(root);

  const found = new Set();
  const written = new Set();
  const exposed = new Set();
  const seenTypes = new Set();

  /** Everything that a value of this type makes reachable by a name. */
  const expose = type => {
    if (seenTypes.has(type)) return;
    seenTypes.add(type);
    const constraint = checker.getBaseConstraintOfType(type);
    const isReference = type.objectFlags & ts.ObjectFlags.Reference;
    const parts = [...(type.types ?? []), ...(type.aliasTypeArguments ?? [])];
    for (const part of parts) expose(part);
    if (constraint) expose(constraint);
    if (isReference) for (const argument of checker.getTypeArguments(type)) expose(argument);
    for (const property of checker.getPropertiesOfType(type)) {
      const {declarations = []} = property;
      if (!declarations.some(isOwn) || declarations.some(isPrivate)) continue;
      exposed.add(property.name);
      expose(checker.getTypeOfSymbol(property));
    }
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      if (!signature.declaration || !isOwn(signature.declaration)) continue;
      for (const parameter of signature.parameters) expose(checker.getTypeOfSymbol(parameter));
      expose(signature.getReturnType());
    }
  };

  /** Whether a call hands its arguments to code outside of the folder. */
  const isForeign = call => {
    const declaration = checker.getResolvedSignature(call)?.declaration;
    if (declaration) return !isOwn(declaration) && !COLLECTIONS.has(declaration.parent?.name?.text);
    // A class without a constructor.
    return !checker.getSymbolAtLocation(call.expression)?.declarations?.every(isOwn);
  };

  const addName = (name, symbol) => {
    found.add(name.text);
    const declarations = symbol?.declarations ?? [];
    if (declarations.length === 0 || !declarations.every(isOwn)) exposed.add(name.text);
  };

  /** The declared property of a type, or of one type of a union; undefined if it can be any key of a record. */
  const propertyOf = (type, name) => {
    const parts = type.isUnion() ? type.types : [type];
    if (parts.some(part => checker.getIndexInfosOfType(part).length > 0)) return undefined;
    return parts.map(part => checker.getPropertyOfType(part, name)).find(Boolean);
  };

  const visit = node => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node)) {
      if (isAssigned(node)) written.add(node.name.text);
      if (ts.isIdentifier(node.name)) addName(node.name, checker.getSymbolAtLocation(node.name));
    } else if (ts.isElementAccessExpression(node)) {
      expose(checker.getTypeAtLocation(node.expression));
    } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = node.propertyName ?? node.name;
      const type = checker.getTypeAtLocation(node.parent);
      if (ts.isIdentifier(name) && !node.dotDotDotToken) addName(name, type.getProperty(name.text));
    } else if (ts.isObjectLiteralElementLike(node) && node.name && ts.isIdentifier(node.name)) {
      // An object that is given where a record or a type of elsewhere is expected belongs to that type.
      written.add(node.name.text);
      const expected = checker.getContextualType(node.parent);
      const isConcrete = expected && !(expected.flags & ts.TypeFlags.TypeParameter);
      addName(
        node.name,
        isConcrete ? propertyOf(expected, node.name.text) : checker.getSymbolAtLocation(node.name),
      );
    } else if (ts.isClassElement(node) && node.name && ts.isIdentifier(node.name)) {
      written.add(node.name.text);
      addName(node.name, checker.getSymbolAtLocation(node.name));
    } else if (ts.isStringLiteralLike(node)) {
      exposed.add(node.text);
    } else if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) {
      expose(checker.getTypeAtLocation(node));
    }
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && isForeign(node)) {
      for (const argument of node.arguments ?? []) expose(checker.getTypeAtLocation(argument));
    }
    ts.forEachChild(node, visit);
  };

  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
    for (let symbol of module ? checker.getExportsOfModule(module) : []) {
      if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      if (symbol.flags & ts.SymbolFlags.Value) expose(checker.getTypeOfSymbol(symbol));
      if (symbol.flags & ts.SymbolFlags.Type) expose(checker.getDeclaredTypeOfSymbol(symbol));
    }
  }
  for (const file of program.getSourceFiles()) if (isOwn(file)) visit(file);
  return [...found].filter(name => written.has(name) && !exposed.has(name)).sort();
}

const isPrivate = ({name}) => name !== undefined && ts.isPrivateIdentifier(name);

const isAssigned = node =>
  ts.isBinaryExpression(node.parent) &&
  node.parent.left === node &&
  node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
