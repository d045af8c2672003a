/** The only file that Mocha loads. Imports the compiled test files, and hands their tests to Mocha. */
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import fc from 'fast-check';
import {collect, declare} from './node-test.mjs';

// With random values, a mutant could survive one run and not the next.
fc.configureGlobal({seed: 1});

const load = file => import(pathToFileURL(path.resolve(file.replace(/\.ts$/, '.js'))).href);

declare(await collect(JSON.parse(process.env.MUTANTS_TESTS), load), globalThis);
