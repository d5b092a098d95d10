import { createStore } from "zustand/vanilla";
import { toAppError } from "../../../shared/errors/errors.ts";
import { app } from "../../client/api-client.ts";
import { desktop } from "../../client/desktop.ts";
import { connection, whenConnected } from "../connection/connection.ts";
import { afterNews, afterSave, isChanged, type OpenFile, openedFile, writtenText } from "./open-file.ts";

/** All files that are open in this window, by their paths. */
export const openFiles = createStore<Readonly<Record<string, OpenFile>>>(() => ({}));

/** Changes an open file; one that is not open stays so. */
export function changeFile(path: string, change: (file: OpenFile) => OpenFile): void {
  openFiles.setState((files) => {
    const file = files[path];
    return file ? { [path]: change(file) } : {};
  });
}

/** Whether a file is open and has something to save. */
export function isFileChanged(path: string): boolean {
  const file = openFiles.getState()[path];
  return file !== undefined && isChanged(file);
}

/**
 * Opens a file and follows its content on disk, through lost connections.
 *
 * @param onProblem called with the reason why it can't be opened.
 * @returns a function that ends it. A text with changes is kept until it is opened again, any other is forgotten.
 */
export function openFile(path: string, onProblem: (problem: unknown) => void): () => void {
  const controller = new AbortController();
  void follow(path, onProblem, controller.signal);
  return () => {
    controller.abort();
    if (!isFileChanged(path)) forgetFile(path);
  };
}

/** Closes a file, and drops its unsaved changes. */
export function forgetFile(path: string): void {
  openFiles.setState(({ [path]: _, ...others }) => others, true);
}

async function follow(
  path: string,
  onProblem: (problem: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (connection.getState().status !== "connected") await whenConnected(signal);
      for await (const read of await app().files.watch({ path }, { signal }))
        openFiles.setState(({ [path]: file }) => ({
          [path]: file ? afterNews(file, read) : openedFile(read),
        }));
    } catch (error) {
      if (signal.aborted) return;
      const problem = toAppError(error);
      if (problem.code !== "interrupted") return onProblem(problem);
      await whenConnected(signal);
    }
  }
}

/**
 * Writes a file's text to disk, when it has something to save.
 *
 * @throws AppError `file-changed` when the file is not what the text was made from.
 */
export async function saveFile(path: string): Promise<void> {
  const file = openFiles.getState()[path];
  if (!file || !isChanged(file) || file.isSaving) return;
  changeFile(path, (one) => ({ ...one, isSaving: true }));
  try {
    const replaces = file.base?.digest ?? null;
    const { digest } = await app().files.save({ path, text: writtenText(file), replaces });
    changeFile(path, (one) => afterSave(one, { text: file.text, digest }));
  } finally {
    changeFile(path, (one) => ({ ...one, isSaving: false }));
  }
}

/** Asks before the window or page closes while a file is not saved. @returns a function that ends it */
export function guardUnsavedFiles(): () => void {
  const guard = (event: BeforeUnloadEvent) => {
    if (unsavedFiles().length > 0) event.preventDefault();
  };
  window.addEventListener("beforeunload", guard);
  const unsubscribe = tellUnsavedFiles();
  return () => {
    unsubscribe();
    window.removeEventListener("beforeunload", guard);
  };
}

function unsavedFiles(): string[] {
  return Object.keys(openFiles.getState()).filter(isFileChanged);
}

/** Lets the desktop know of them, which asks before it stops anything. */
function tellUnsavedFiles(): () => void {
  let told: string | undefined;
  const tell = () => {
    const files = unsavedFiles();
    const now = JSON.stringify(files);
    if (now === told) return;
    told = now;
    // The failure is shown elsewhere.
    desktop()
      ?.api.tellUnsaved({ files })
      .catch(() => {});
  };
  tell();
  return openFiles.subscribe(tell);
}
