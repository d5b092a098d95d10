import { createStore, type StoreApi } from "zustand/vanilla";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { sessionClient } from "../../client/api-client.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";

/** The known files in a session's guest. */
export interface GuestFiles {
  readonly listing?: { readonly path: string; readonly files: readonly string[] } | undefined;
  /** The folder that the guest is being asked for. */
  readonly asking?: { readonly path: string; readonly cancel: () => void } | undefined;
  readonly error?: ErrorData | undefined;
}

const known = createSessionMemory(() => createStore<GuestFiles>(() => ({})), {
  end: (store) => store.getState().asking?.cancel(),
});

/** One store a session, kept while a panel of it is open. */
export function guestFiles(session: string): StoreApi<GuestFiles> {
  return known.of(session);
}

/**
 * Asks the guest for all files in a folder and below. An error is kept beside the previous listing; a missing folder
 * replaces it.
 */
export async function listFolder(session: string, path: string): Promise<void> {
  const store = guestFiles(session);
  store.getState().asking?.cancel();
  const controller = new AbortController();
  const asking = { path, cancel: () => controller.abort(cancelled()) };
  store.setState({ asking, error: undefined });
  const settle = (change: GuestFiles) => {
    if (store.getState().asking === asking) store.setState({ ...change, asking: undefined });
  };
  try {
    const { files, notFound } = await sessionClient(session).guest.listFolder(
      { path },
      { signal: controller.signal },
    );
    settle(notFound ? { listing: undefined, error: noSuchFolder(path) } : { listing: { path, files } });
  } catch (thrown) {
    settle(controller.signal.aborted ? {} : { error: toAppError(thrown).toJSON() });
  }
}

function cancelled(): AppError {
  return new AppError({ code: "interrupted", message: "the listing was cancelled" });
}

function noSuchFolder(path: string): ErrorData {
  return {
    code: "guest-file-missing",
    message: `the guest has no folder ${escapeName(path)}`,
    advice: "List a parent folder to find it.",
  };
}
