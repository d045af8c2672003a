/**
 * Completes what `tsc` has put into dist/: the version and the address of package.json, the React wrapper, the declarations for
 * frameworks, the stylesheet, and what editors read about the element.
 */
import {copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import {describeElement} from './describe-element.mjs';

const {name, version, repository} = JSON.parse(readFileSync('package.json', 'utf8'));
const home = repository.url.replace(/^git\+|\.git$/g, '');

writeConstant('dist/element/version.js', "'unbuilt'", version);
writeConstant('dist/errors.js', "'docs'", `${home}/blob/v${version}/docs`);
transpile('react');
copyDeclarations('types');
copyFileSync('src/styles.css', 'dist/styles.css');
copyFileSync('src/session-endpoint.openapi.json', 'dist/session-endpoint.openapi.json');
// Its import has no value, and compilers ask what type it is of.
writeFileSync('dist/styles.d.ts', 'export {};\n');
const descriptions = await describeElement({name, version});
for (const [file, content] of Object.entries(descriptions)) {
  writeFileSync(`dist/${file}`, `${JSON.stringify(content, null, 2)}\n`);
}
describeAttributes('dist/types/attributes.d.ts', descriptions['custom-elements.json']);

function writeConstant(file, unbuilt, value) {
  const code = readFileSync(file, 'utf8');
  const written = code.replace(`= ${unbuilt};`, () => `= ${JSON.stringify(value)};`);
  if (written === code) throw new Error(`${file} has no constant ${unbuilt}`);
  writeFileSync(file, written);
}

/**
 * A file that imports a framework, which this package does not install: it is built by itself, without a look at the
 * types of others. The tests of the declarations check it against those of each version.
 */
function transpile(module) {
  const file = `src/${module}.ts`;
  const code = readFileSync(file, 'utf8');
  const {config} = ts.readConfigFile('tsconfig.json', name => ts.sys.readFile(name));
  const {options} = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  const settings = {
    fileName: `../src/${module}.ts`,
    compilerOptions: {...options, sourceMap: true, noEmit: false, declaration: true},
    reportDiagnostics: true,
  };
  const script = ts.transpileModule(code, settings);
  const declaration = ts.transpileDeclaration(code, {
    ...settings,
    compilerOptions: {...settings.compilerOptions, isolatedDeclarations: true, sourceMap: false},
  });
  const [problem] = [...script.diagnostics, ...declaration.diagnostics];
  if (problem)
    throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
  writeFileSync(`dist/${module}.js`, script.outputText);
  // The compiler names the source as if it were in dist/.
  const map = {...JSON.parse(script.sourceMapText), sources: [`../${file}`]};
  writeFileSync(`dist/${module}.js.map`, JSON.stringify(map));
  writeFileSync(`dist/${module}.d.ts`, declaration.outputText);
}

function copyDeclarations(folder) {
  mkdirSync(`dist/${folder}`, {recursive: true});
  for (const file of readdirSync(`src/${folder}`).filter(name => name.endsWith('.d.ts'))) {
    copyFileSync(path.join('src', folder, file), path.join('dist', folder, file));
  }
}

/** Adds the description of each attribute, which editors show in JSX and templates. */
function describeAttributes(file, {modules}) {
  let types = readFileSync(file, 'utf8');
  for (const {name, description} of modules[0].declarations[0].attributes) {
    const declared = types.replace(
      new RegExp(`^ {2}'?${name}'?\\?:`, 'm'),
      member => `  /** ${description.replace(/\s+/g, ' ')} */\n${member}`,
    );
    if (declared === types) throw new Error(`${file} has no attribute ${name}`);
    types = declared;
  }
  writeFileSync(file, types);
}
