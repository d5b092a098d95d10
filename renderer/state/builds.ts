import type { InstallWishes } from "../../shared/app-contract.ts";
import type { ImageKind, ImageSet } from "../../shared/library.ts";
import { app } from "../api-client.ts";
import { sessions } from "./app-state.ts";
import { showSession } from "./session-panels.ts";
import { sayError } from "./toasts.ts";

/** The archives whose builds this window has asked for, and has not seen the end of. */
const wanted = new Set<string>();

/**
 * Starts a build and shows it. What is wrong is said in a toast. A worker image's setup image may have to be built
 * first, in a session of its own: then the worker's is shown when it begins.
 *
 * @param retry the failed session whose work is gone on with, where that is sound
 */
export async function startBuild(set: ImageSet, image: ImageKind, retry?: string): Promise<void> {
  try {
    wanted.add(set[image].path);
    const { session } = await app().builds.start({ folder: set.folder, image, retry });
    showSession({ id: session, kind: "build" });
  } catch (error) {
    wanted.delete(set[image].path);
    sayError(error);
  }
}

/**
 * Boots an ISO for a person who installs a set's setup image, and shows it.
 *
 * @throws AppError what is wrong
 */
export async function installByHand(set: ImageSet, wishes: Omit<InstallWishes, "folder">): Promise<void> {
  const { session } = await app().builds.install({ ...wishes, folder: set.folder });
  showSession({ id: session, kind: "build" });
}

/** Shows the builds that this window has asked for as they begin. */
export function showWantedBuilds(): () => void {
  return sessions.subscribe(({ value = [] }) => {
    const begun = value.find(({ output, status }) => status === "running" && output && wanted.has(output));
    if (!begun?.output) return;
    wanted.delete(begun.output);
    showSession(begun);
  });
}
