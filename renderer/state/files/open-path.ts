import type { CurrentSettings } from "../../../shared/app/settings.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { app } from "../../client/api-client.ts";
import { desktop } from "../../client/desktop.ts";
import { chooseSet, demandChosenSet } from "../builds/chosen-set.ts";
import { sessions, settings } from "../connection/app-state.ts";
import { sessionInFront } from "../focus/focused-session.ts";
import { showFilePanel, showImage, showPanel } from "../layout/panels.ts";
import { openDialog } from "../messages/dialogs.ts";
import { sayOffer } from "../messages/notices.ts";

/** How long a notice offers what comes next. */
const offerMilliseconds = 20_000;

/**
 * Opens the target of a path: shows the files in an image, and offers to import it if it is a disk; lists an archive in
 * the library; chooses an image set and shows its recipe; asks what to do with an ISO or a folder.
 *
 * @throws AppError the reason why it can't be opened
 */
export async function openPath(path: string): Promise<void> {
  const opened = await app().host.identifyPath({ path });
  switch (opened.kind) {
    case "archive":
      await app().library.openArchive({ path: opened.path });
      showPanel("library");
      sayOffer(`${opened.path} is in the library.`, {
        label: "Look inside",
        run: () => showImage(opened.path),
        milliseconds: offerMilliseconds,
      });
      break;
    case "set":
      await addWorkspace(opened.workspace);
      chooseSet(opened.folder);
      showFilePanel(opened.recipe);
      break;
    case "image":
      showImage(opened.path);
      if (opened.isDisk)
        sayOffer(`${opened.path} is a disk. Import it to run it.`, {
          label: "Import disk…",
          run: () => openDialog({ name: "import-disk", disk: opened.path }),
          milliseconds: offerMilliseconds,
        });
      break;
    case "iso":
      offerIso(opened.path);
      break;
    case "folder":
      offerCd(opened.path);
  }
  await desktop()?.api.rememberPath({ path });
}

/** The library shows only image sets in workspaces. */
async function addWorkspace(folder: string): Promise<void> {
  const { workspaces } = await currentSettings();
  if (!workspaces.includes(folder)) await app().settings.change({ workspaces: [...workspaces, folder] });
}

/** A path may be opened before the first snapshot of the settings arrives. */
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
  const session = machineInFront();
  const set = session ? undefined : demandChosenSet();
  if (session) openDialog({ name: "insert-cd", session, path: iso });
  else if (set) openDialog({ name: "install", set, iso });
  else
    throw new AppError({
      code: "missing-file",
      message: `there is no image set whose setup image can be installed from ${iso}`,
      advice: "Create one first: “New image set…”.",
    });
}

function offerCd(folder: string): void {
  const [only, ...others] = runningMachines();
  const session = machineInFront() ?? (others.length === 0 ? only : undefined);
  if (!session)
    throw new AppError({
      code: "no-session",
      message: `${folder} can become a data CD, but ${only ? "several virtual machines run, and none is in front" : "no virtual machine is running"}`,
      advice: only
        ? "Click a panel of the virtual machine that should get it."
        : "Start a run or a build first; or open a folder that has a recipe.yaml.",
    });
  openDialog({ name: "insert-cd", session, path: folder });
}

/** The sessions whose virtual machines run. */
function runningMachines(): readonly string[] {
  const all = sessions.getState().value ?? [];
  return all
    .filter(({ status, kind }) => status === "running" && (kind === "run" || kind === "build"))
    .map(({ id }) => id);
}

function machineInFront(): string | undefined {
  const inFront = sessionInFront();
  return runningMachines().find((id) => id === inFront);
}
