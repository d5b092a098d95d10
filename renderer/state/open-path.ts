import { AppError } from "../../shared/errors.ts";
import type { CurrentSettings } from "../../shared/settings.ts";
import { app } from "../api-client.ts";
import { desktop } from "../desktop.ts";
import { sessions, settings } from "./app-state.ts";
import { chooseSet, findChosenSet } from "./chosen-set.ts";
import { openDialog } from "./dialogs.ts";
import { currentDock, showFilePanel, showPanel } from "./panels.ts";
import { sayDone } from "./toasts.ts";

/**
 * Opens what a path leads to: an archive is listed in the library, an image set chosen and its recipe shown; of an ISO
 * or a folder it is asked what to do with it.
 *
 * @throws AppError why that can't be
 */
export async function openPath(path: string): Promise<void> {
  const opened = await app().host.identifyPath({ path });
  switch (opened.kind) {
    case "archive":
      await app().library.openArchive({ path: opened.path });
      showPanel("library");
      sayDone(`${opened.path} is in the library.`);
      break;
    case "set":
      await addWorkspace(opened.workspace);
      chooseSet(opened.folder);
      showFilePanel(opened.recipe);
      break;
    case "iso":
      offerIso(opened.path);
      break;
    case "folder":
      offerCd(opened.path);
  }
  await desktop()?.api.rememberPath({ path });
}

/** The library shows what is in workspaces only. */
async function addWorkspace(folder: string): Promise<void> {
  const { workspaces } = await currentSettings();
  if (!workspaces.includes(folder)) await app().settings.change({ workspaces: [...workspaces, folder] });
}

/** What was opened may be there before the first news of the settings. */
async function currentSettings(): Promise<CurrentSettings> {
  const { promise, resolve } = Promise.withResolvers<CurrentSettings>();
  const take = () => {
    const { value } = settings.getState();
    if (value) resolve(value);
  };
  const unsubscribe = settings.subscribe(take);
  take();
  return await promise.finally(unsubscribe);
}

function offerIso(iso: string): void {
  const session = findMachine();
  const set = findChosenSet();
  if (session) openDialog({ name: "insert-cd", session, path: iso });
  else openDialog(set ? { name: "install", set, iso } : { name: "new-set" });
}

function offerCd(folder: string): void {
  const session = findMachine();
  if (!session)
    throw new AppError({
      code: "no-session",
      message: `${folder} can become a data CD, but no virtual machine runs that would take it`,
      advice: "Start a run or a build first; or open a folder that has a recipe.yaml.",
    });
  openDialog({ name: "insert-cd", session, path: folder });
}

/** The session in front whose virtual machine runs, else the only one that does. */
function findMachine(): string | undefined {
  const running = (sessions.getState().value ?? []).filter(
    ({ status, kind }) => status === "running" && kind !== "meta",
  );
  const inFront = currentDock()?.activePanel?.params?.session;
  const [only, ...others] = running;
  return running.find(({ id }) => id === inFront)?.id ?? (others.length === 0 ? only?.id : undefined);
}
