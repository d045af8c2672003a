import {EARLY_SCRIPT} from './early-script.js';

const USAGE = `Usage: npx meshes-workspace early

Prints the text of early.min.js, for an inline script in the <head> of a page. The script
tag has the attributes of <meshes-workspace> that affect its request, with the prefix
"data-":

  <script nonce="…" data-token-endpoint="/api/meshes/session">…</script>

See docs/performance.md in the package.
`;

/** Prints the script. @returns the exit code: 2 if there are arguments */
export function run(
  args: readonly string[],
  {out, error}: {out: (text: string) => void; error: (text: string) => void},
): Promise<number> {
  const [first] = args;
  const isHelp = first === '--help' || first === '-h';
  if (first === undefined) out(`${EARLY_SCRIPT}\n`);
  else if (isHelp) out(USAGE);
  else error(`This command has no options.\n\n${USAGE}`);
  return Promise.resolve(first === undefined || isHelp ? 0 : 2);
}
