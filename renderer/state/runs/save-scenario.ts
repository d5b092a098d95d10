import type { ImageSet } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { app } from "../../client/api-client.ts";
import { findChosenSet } from "../builds/chosen-set.ts";
import { library } from "../connection/app-state.ts";
import { showFilePanel } from "../layout/panels.ts";
import { openDialog } from "../messages/dialogs.ts";

/** The reason why a session can't be saved as a scenario; undefined when it can. */
export function scenarioObstacle({ kind }: Pick<SessionSummary, "kind">): string | undefined {
  if (kind === "build") return "A build can't be a scenario";
  if (kind === "watch") return "A watch can't be a scenario";
  return (library.getState().value?.sets.length ?? 0) > 0 ? undefined : "There is no image set yet";
}

/** Opens the dialog in which a session is saved as a scenario. */
export function askForScenario({ id }: Pick<SessionSummary, "id">): void {
  openDialog({ name: "save-scenario", session: id });
}

/** The image set that a session's scenario belongs to most likely: that of its image, else the chosen one. */
export function setForScenario(
  session: Pick<SessionSummary, "image"> | undefined,
  sets: readonly ImageSet[],
): ImageSet | undefined {
  const own = sets.find(({ worker }) => worker.path === session?.image);
  const chosen = findChosenSet()?.folder;
  return own ?? sets.find(({ folder }) => folder === chosen) ?? sets[0];
}

/** Saves a session as a new scenario file, and opens it. @throws AppError `file-changed` if there is such a file */
export async function saveScenario(session: string, name: string, path: string): Promise<void> {
  const { text } = await app().sessions.scenario({ session, name });
  await app().files.save({ path, text, replaces: null });
  showFilePanel(path);
}
