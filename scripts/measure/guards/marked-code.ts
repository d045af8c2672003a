/*
 * A guard is code that is marked in src/ by a comment on the line before it:
 *
 *   // guard(target-origin): the token is posted to the exact origin of the launch
 *
 * The marked code is the statement or property that follows. The syntax tree and the names of functions show what to replace in it.
 * A renamed local variable, a moved function, or another line break changes nothing.
 */
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const MARKER = /^ *\/\/ guard\(([^)\n]*)\): (.+)$/gm;

export interface Guard {
  /** As in its marker. */
  name: string;
  /** How the marked code is changed so that the guard is gone. */
  change: Change;
  /** The tests that must fail then. */
  node?: string[];
  browser?: string[];
}

export interface Marker {
  name: string;
  /** What the guard protects. */
  what: string;
  /** Path from the root of the project. */
  file: string;
}

export interface Change {
  /** For the error if the marked code has no such part. */
  looksFor: string;
  /** The part of the marked code to replace, and its replacement. */
  find: (marked: ts.Node) => {part: ts.Node; by: string} | undefined;
}

/** Every marker in src/. */
export function findMarkers(root: string): Marker[] {
  return readdirSync(path.join(root, 'src'), {recursive: true, encoding: 'utf8'})
    .filter(name => /\.tsx?$/.test(name))
    .map(name => path.posix.join('src', name.replaceAll(path.sep, '/')))
    .flatMap(file => {
      const markers = readFileSync(path.join(root, file), 'utf8').matchAll(MARKER);
      return [...markers].map(([, name = '', what = '']) => ({name, what, file}));
    });
}

/** The only marker of a guard. */
export function markerOf({name}: Guard, markers: readonly Marker[]): Marker {
  const [marker, ...others] = markers.filter(each => each.name === name);
  if (!marker || others.length > 0) {
    throw new Error(
      `The comment "// guard(${name}): …" must be in src/ once. It is there ${marker ? others.length + 1 : 0} times.`,
    );
  }
  return marker;
}

/** The source without the guard. Throws if the marked code has another structure than the guard describes. */
export function withoutGuard({name, change}: Guard, file: string, source: string): string {
  const marked = markedNode(name, file, source);
  const found = marked && change.find(marked);
  if (!found) {
    const problem = marked ? `has no ${change.looksFor}` : 'is missing';
    throw new Error(
      `The guard "${name}" cannot be removed: the code after "// guard(${name})" in ${file} ${problem}. Move the comment, or change scripts/measure/guards/guard-list.ts.`,
    );
  }
  const {part, by} = found;
  const changed = source.slice(0, part.getStart()) + by + source.slice(part.getEnd());
  // A file that does not compile would fail every test, and show nothing.
  const {diagnostics} = ts.transpileModule(changed, {fileName: file, reportDiagnostics: true});
  if (changed === source || diagnostics?.length) {
    throw new Error(
      `Without the guard "${name}", ${file} is ${changed === source ? 'the same' : 'no valid TypeScript'}: change scripts/measure/guards/guard-list.ts.`,
    );
  }
  return changed;
}

/** The outermost statement or property after the marker. */
function markedNode(name: string, file: string, source: string): ts.Node | undefined {
  const marker = [...source.matchAll(MARKER)].find(each => each[1] === name);
  if (!marker) return undefined;
  const isMarked = (node: ts.Node) =>
    node.getFullStart() <= marker.index && marker.index < node.getStart();
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  return ts.forEachChild(tree, node => findNode(node, isMarked));
}

function findNode(node: ts.Node, isWanted: (node: ts.Node) => boolean): ts.Node | undefined {
  return isWanted(node) ? node : ts.forEachChild(node, child => findNode(child, isWanted));
}

/** The first call of a function or method of this name. */
export function findCall(node: ts.Node, name: string): ts.CallExpression | undefined {
  return findNode(node, each => ts.isCallExpression(each) && nameOf(each.expression) === name) as
    ts.CallExpression | undefined;
}

function nameOf(callee: ts.Expression): string | undefined {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
}

/* The changes. */

/** Removes the marked statement. */
export const removeStatement: Change = {
  looksFor: 'statement',
  find: marked => (ts.isStatement(marked) ? {part: marked, by: ''} : undefined),
};

/** Replaces the condition of the marked `if`. */
export function replaceCondition(by: string): Change {
  return {
    looksFor: 'if statement',
    find: marked => (ts.isIfStatement(marked) ? {part: marked.expression, by} : undefined),
  };
}

/** Replaces the value of the marked property in an object literal. */
export function replaceValue(by: string | ((value: ts.Expression) => string)): Change {
  return {
    looksFor: 'property with a value',
    find(marked) {
      if (!ts.isPropertyAssignment(marked)) return undefined;
      const part = marked.initializer;
      return {part, by: typeof by === 'string' ? by : by(part)};
    },
  };
}

/** Replaces the first call of this function or method. */
export function replaceCall(name: string, by: (call: ts.CallExpression) => string): Change {
  return {
    looksFor: `call of ${name}()`,
    find(marked) {
      const part = findCall(marked, name);
      return part && {part, by: by(part)};
    },
  };
}

/** Replaces an argument, counted from 0, of the first call of this function or method. */
export function replaceArgument(name: string, index: number, by: string): Change {
  return {
    looksFor: `call of ${name}() with ${index + 1} or more arguments`,
    find(marked) {
      const part = findCall(marked, name)?.arguments[index];
      return part && {part, by};
    },
  };
}
