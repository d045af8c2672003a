/** Part of `npm run reference`: writes the state table of the session machine into ARCHITECTURE.md. */
import {readFileSync, writeFileSync} from 'node:fs';
import {format} from 'prettier';
import {stateTable} from './state-table.js';

const FILE = 'ARCHITECTURE.md';
const PLACE = /(<!-- state table -->\n\n).*?(\n\n<!-- end -->)/s;

const text = readFileSync(FILE, 'utf8');
if (!PLACE.test(text)) throw new Error(`${FILE} has no place for the state table`);
const table = (await format(stateTable(), {parser: 'markdown'})).trimEnd();
writeFileSync(
  FILE,
  text.replace(PLACE, (_, start: string, end: string) => start + table + end),
);
