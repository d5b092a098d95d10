import type { InstallWishes } from "../../shared/app-contract.ts";
import type { ImageKind, ImageSet } from "../../shared/library.ts";
import { app } from "../api-client.ts";
import { sessions } from "./app-state.ts";
import { showSessionPanel } from "./panels.ts";
import { showSession } from "./session-panels.ts";
import { sayError } from "./toasts.ts";

/**
 * The archives whose builds this window has asked for, and has not seen the beginning of; with the session that is shown
 * for it already.
 */
const wanted = new Map<string, string | undefined>();

/**
 * Starts a build and shows it. What is wrong is said in a toast. A worker image's setup image may have to be built
 * first, in a session of its own: then the worker's is shown when it begins.
 *
 * @param retry the failed session whose work is gone on with, where that is sound
 */
export async function startBuild(set: ImageSet, image: ImageKind, retry?: string): Promise<void> {
  try {
    wanted.set(set[image].path, undefined);
    const { session } = await app().builds.start({ folder: set.folder, image, retry });
    if (wanted.has(set[image].path)) wanted.set(set[image].path, session);
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
  showSessionPanel("screen", session);
}

/** Shows the builds that this window has asked for as they begin. */
export function showWantedBuilds(): () => void {
  return sessions.subscribe(({ value = [] }) => {
    const begun = value.find(({ output, status }) => status === "running" && output && wanted.has(output));
    if (!begun?.output) return;
    // It is in front already, or was until the person has chosen something else.
    if (wanted.get(begun.output) !== begun.id) showSession(begun);
    wanted.delete(begun.output);
  });
}

/** Brings a session that asks the person something to the front, once each time. */
export function showQuestions(): () => void {
  const asking = new Set<string>();
  return sessions.subscribe(({ value = [] }) => {
    for (const { id, asks } of value) {
      if (asks && !asking.has(id)) showSessionPanel("build", id);
      if (asks) asking.add(id);
      else asking.delete(id);
    }
  });
}
