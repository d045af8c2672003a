/** The element's own session code, with a state machine that records the events it is given. */
import path from 'node:path';
import {build, type Plugin} from 'esbuild';
import type {SessionEvent} from '../../src/session/machine.js';

const root = path.resolve(import.meta.dirname, '../..');

declare global {
  /** The events that reached sessions of a recording bundle. */
  var machineEvents: SessionEvent[] | undefined;
  /** Replaces the next event that reaches a session of a recording bundle. */
  var replacedEvent: SessionEvent | undefined;
}

/** Bundles a file, and lets `transition()` add each event that reaches a session to `globalThis.machineEvents`. */
export async function bundleRecording(
  entry: string,
  platform: 'node' | 'browser',
): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [path.join(root, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform,
    target: 'es2022',
    plugins: [recorder()],
  });
  return outputFiles[0]!.text;
}

function recorder(): Plugin {
  const machine = path.join(root, 'src/session/machine.ts');
  return {
    name: 'machine-recorder',
    setup(bundle) {
      bundle.onResolve({filter: /\/machine\.js$/}, ({importer}) =>
        // The double imports the machine as it is: only the events of the session are recorded.
        importer.includes('workspace-session') ? {path: machine, namespace: 'recorded'} : undefined,
      );
      bundle.onLoad({filter: /.*/, namespace: 'recorded'}, () => ({
        resolveDir: path.dirname(machine),
        loader: 'js',
        contents: `
          import {initial, transition as original} from './machine.js';
          export {initial};
          export function transition(snapshot, given) {
            const event = globalThis.replacedEvent ?? given;
            globalThis.replacedEvent = undefined;
            globalThis.machineEvents?.push(event);
            return original(snapshot, event);
          }`,
      }));
    },
  };
}
