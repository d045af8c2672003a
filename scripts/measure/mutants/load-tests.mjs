/** The only file that Mocha loads. Imports the compiled test files, and hands their tests to Mocha. */
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {collect, declare} from './node-test.mjs';

const load = file => import(pathToFileURL(path.resolve(file.replace(/\.ts$/, '.js'))).href);

declare(await collect(JSON.parse(process.env.MUTANTS_TESTS), load), globalThis);
