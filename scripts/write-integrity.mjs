/** Copies the stylesheet beside the files for CDNs, and writes the integrity hash of each script and stylesheet there. */
import {createHash} from 'node:crypto';
import {copyFileSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';

const FOLDER = 'dist/cdn';

copyFileSync('dist/styles.css', `${FOLDER}/styles.css`);
const hashes = readdirSync(FOLDER)
  .filter(file => /\.(js|css)$/.test(file))
  .sort()
  .map(file => {
    const digest = createHash('sha384')
      .update(readFileSync(`${FOLDER}/${file}`))
      .digest('base64');
    return [file, `sha384-${digest}`];
  });
writeFileSync(`${FOLDER}/sri.json`, `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`);
