import { sessionClient } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";

/** Begins another round of a watch. */
export async function forceRound(session: string): Promise<void> {
  try {
    await sessionClient(session).watch.force();
  } catch (error) {
    sayError(error);
  }
}
