/** `npm run check:mutants`: compares the recorded mutation scores with the floors. Runs no tests. */
import {readFileSync} from 'node:fs';
import {checkScores, hashSource, listSources, readRecord} from './scores.mjs';

const sources = Object.fromEntries(
  listSources('.').map(file => [file, hashSource(readFileSync(file, 'utf8'))]),
);
const {errors, warnings} = checkScores(readRecord('.').files, sources);
for (const warning of warnings) console.log(`Warning: ${warning}`);
for (const error of errors) console.error(error);
if (errors.length === 0)
  console.log(`${Object.keys(sources).length} files reach their mutation scores`);
process.exitCode = errors.length === 0 ? 0 : 1;
