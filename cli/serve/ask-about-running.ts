import type { SessionDescription } from "../../shared/session/session-description.ts";
import { askPerson } from "../support/ask-person.ts";
import { printMessage } from "../support/print.ts";

/**
 * When sessions still run, asks the person whether they are to be stopped; without a terminal to ask on, they keep
 * running. It prints the decision.
 */
export async function askAboutRunning(
  sessions: readonly SessionDescription[],
  stop: (session: string) => Promise<void>,
): Promise<void> {
  if (sessions.length === 0) return;
  const list = sessions.map(({ id, title }) => `  ${id}  ${title}\n`).join("");
  printMessage(`Still running:\n${list}`);
  // Ctrl-C at the question stops nothing.
  if (!(await askPerson("Stop them?").catch(() => false))) {
    printMessage("They continue. tinsmith sessions lists them, tinsmith serve shows them again.\n");
    return;
  }
  await Promise.allSettled(sessions.map(({ id }) => stop(id)));
}
