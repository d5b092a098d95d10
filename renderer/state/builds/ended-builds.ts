import { createStore } from "zustand/vanilla";
import type { ImageSet } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { type Desktop, desktop } from "../../client/desktop.ts";
import { sayError } from "../messages/notices.ts";
import { findSlot } from "./find-slot.ts";
import { startBuild } from "./start-build.ts";

/** The sessions that did not finish because the app ended, by their ids; until a person has decided about them. */
export const endedWithApp = createStore<{ readonly ids: readonly string[] }>(() => ({ ids: [] }));

/** Asks the desktop for them. */
export async function askForEndedSessions({ api }: Desktop): Promise<void> {
  const { sessions } = await api.endedSessions();
  endedWithApp.setState({ ids: sessions });
}

/** A person has decided about them. */
export function forgetEndedSessions(): void {
  endedWithApp.setState({ ids: [] });
  desktop()?.api.forgetEndedSessions().catch(sayError);
}

/** Starts them again, each where it ended, if its work was kept. */
export async function resumeBuilds(
  builds: readonly SessionSummary[],
  sets: readonly ImageSet[],
): Promise<void> {
  forgetEndedSessions();
  for (const { id, output = "" } of builds) {
    const slot = findSlot(sets, output);
    if (slot) await startBuild(slot.set, slot.image, { retry: id });
  }
}
