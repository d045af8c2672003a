import {readFile, rename, writeFile} from 'node:fs/promises';
import type {SessionData} from './model/sessions.js';
import type {WorkspaceData} from './model/workspace-store.js';
import {OptionError} from './read-options.js';
import type {EmulatorModel} from './state.js';

export interface StateFile {
  /** Writes the state soon. All calls during a write cause one further write. */
  save(): void;
  /** Writes the state now, and waits for it. */
  close(): Promise<void>;
}

/** Version of the format. Change it whenever earlier files can no longer be read. */
const FORMAT = 'meshes-workspace-emulator/1';

interface Content {
  readonly format: typeof FORMAT;
  readonly workspaces: WorkspaceData;
  readonly sessions: SessionData;
}

/**
 * Loads the state from the file, if it exists, and saves later changes there.
 *
 * @throws OptionError if the file cannot be read or written, or has invalid content
 */
export const openStateFile = async (path: string, model: EmulatorModel): Promise<StateFile> => {
  const content = await readContent(path);
  if (content) {
    model.workspaces.load(content.workspaces);
    model.sessions.load(content.sessions);
  }
  const write = async (): Promise<void> => {
    const {workspaces, sessions} = model;
    const saved: Content = {
      format: FORMAT,
      workspaces: workspaces.dump(),
      sessions: sessions.dump(),
    };
    // Renamed when it is complete, so that a crash does not damage the file. It contains keys, so only its owner may read it.
    await writeFile(`${path}.tmp`, JSON.stringify(saved), {mode: 0o600});
    await rename(`${path}.tmp`, path);
  };
  await write().catch((error: unknown) => {
    throw new OptionError('stateFile', `cannot be written (${codeOf(error)}).`);
  });

  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await write();
    } while (again);
  };
  const save = (): Promise<void> => {
    again = true;
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    save: () => {
      save().catch((error: unknown) => {
        console.error(`The state of the emulator could not be saved (${codeOf(error)}).`);
      });
    },
    close: save,
  };
};

const readContent = async (path: string): Promise<Content | undefined> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new OptionError('stateFile', `cannot be read (${codeOf(error)}).`);
  });
  if (text === undefined) return undefined;
  const content = parse(text) as Content | null;
  if (content?.format === FORMAT) return content;
  throw new OptionError(
    'stateFile',
    'names a file that this version of the emulator cannot read. Delete it, or choose another file.',
  );
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';
