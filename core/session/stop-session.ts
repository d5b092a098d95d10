import type { Paths } from "../paths.ts";
import { attach } from "./attach.ts";

/** Asks the process of a running session to end in order. @throws AppError as `attach` does */
export async function stopSession(paths: Paths, session: string): Promise<void> {
  using attached = await attach(paths, session);
  process.kill(attached.description.processId, "SIGTERM");
}
