import { sayDone, sayError } from "../messages/notices.ts";

/** Puts a session's id, as the CLI takes it, on the clipboard. */
export async function copySessionId(id: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(id);
    sayDone("The session's id is on the clipboard.");
  } catch (error) {
    sayError(error);
  }
}
