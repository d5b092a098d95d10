import { type PutProgress, putIntoGuest } from "../../shared/guest/put/put-into-guest.ts";
import { findPutSource } from "../files/put-source.ts";
import type { ActionOptions, GuestActions } from "../metaservice/actions/guest-actions.ts";
import { openGuestCommand } from "./guest-command.ts";

interface PutFileOptions extends ActionOptions {
  readonly onProgress?: ((progress: PutProgress) => void) | undefined;
}

/** A file or folder that the guest has received. */
export interface PutFile {
  /** In the guest. */
  readonly path: string;
  /** Bytes of its files. */
  readonly bytes: number;
}

/**
 * Puts a file or folder of this host into the guest.
 *
 * @param source absolute, on this host
 * @param path absolute, in the guest: a folder that exists gets the source under its own name
 * @throws AppError as findPutSource, putIntoGuest and GuestActions.openShell do
 */
export async function putFile(
  actions: Pick<GuestActions, "openShell">,
  source: string,
  path: string,
  { signal, onProgress }: PutFileOptions = {},
): Promise<PutFile> {
  return await putIntoGuest(await findPutSource(source), path, {
    onProgress,
    openShell: (request, onOutput) =>
      openGuestCommand(actions, request, { signal, onOutput, purpose: "put-file" }),
  });
}
