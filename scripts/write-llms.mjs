/**
 * Part of `npm run build`: writes llms.txt, a list of the documents for coding agents (https://llmstxt.org), and llms-full.txt, their text.
 * Both are in the package, beside README.md, and not in the repository.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** The documents for users, in the order in which README links them; then those that it does not link. */
export function userDocuments(root) {
  const inFolder = folder =>
    readdirSync(path.join(root, folder))
      .filter(file => file.endsWith('.md'))
      .sort()
      .map(file => `${folder}/${file}`);
  const linked = [...read(root, 'README.md').matchAll(/\]\((docs\/[^)#]+\.md)/g)];
  const all = [...inFolder('docs'), ...inFolder('docs/frameworks')];
  const inOrder = linked.map(([, file]) => file).filter(file => all.includes(file));
  return [...new Set([...inOrder, ...all])];
}

/** @returns {{[file: string]: string}} */
export function llmsFiles(root) {
  const {name, description} = JSON.parse(read(root, 'package.json'));
  const documents = userDocuments(root);
  const [frameworks, guides] = [true, false].map(isFramework =>
    documents.filter(file => file.startsWith('docs/frameworks/') === isFramework),
  );
  const list = files => files.map(file => line(file, read(root, file))).join('\n');
  const all = ['README.md', 'SKILL.md', ...documents];
  return {
    'llms.txt': `# ${name}

> ${description}

Paths are relative to the package. Add the workspace step by step: [SKILL.md](SKILL.md). All documents in one file: [llms-full.txt](llms-full.txt).

## Guides

${list(guides)}

## Frameworks

${list(frameworks)}

## Examples

- [docs/backends](docs/backends): session endpoints in Go, PHP, Python, and Ruby
- [session-endpoint.openapi.json](dist/session-endpoint.openapi.json): the session endpoint as OpenAPI
- [custom-elements.json](dist/custom-elements.json): attributes, properties, methods, and events of the element
`,
    'llms-full.txt': all
      .map(file => `<!-- ${file} -->\n\n${withoutContext(read(root, file)).trim()}\n`)
      .join('\n'),
  };
}

/** `[title](file): first sentence`. */
function line(file, text) {
  const [, title] = /^# (.+)$/m.exec(text);
  const body = withoutContext(text.slice(text.indexOf(title) + title.length));
  const paragraphs = body.replace(/^```.*?^```$/gms, '').split(/\n{2,}/);
  const first = paragraphs.find(part => /^[A-Z`<*[]/.test(part.trim()))?.trim() ?? '';
  const plain = first.replace(/\s+/g, ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  const [sentence] = /^.+?\.(?= |$)/.exec(plain) ?? [plain];
  return `- [${title}](${file}): ${sentence.replace(/:$/, '.')}`;
}

/** The context of samples is for the tests that compile them. */
const withoutContext = text => text.replace(/<!--.*?-->\n*/gs, '');
const read = (root, file) => readFileSync(path.join(root, file), 'utf8');

export function writeLlmsFiles(root) {
  for (const [file, text] of Object.entries(llmsFiles(root))) {
    writeFileSync(path.join(root, file), text);
  }
}
