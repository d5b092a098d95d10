import type { Page } from "@playwright/test";
import { drawn } from "./drawn.ts";

/**
 * Holds back the engine's answers to calls of one procedure, as a slow host does. It takes effect when the window is
 * loaded again.
 *
 * @param procedure its path, such as `downloads/suggest`
 * @param answers how many are to be there before they can be released
 * @returns a function that releases them, and settles once the window has drawn the changes
 */
export async function holdAnswers(page: Page, procedure: string, answers = 1): Promise<() => Promise<void>> {
  const asked = new Set<string>();
  const held: (() => void)[] = [];
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (message.includes(procedure)) asked.add(numberOf(message));
      server.send(message);
    });
    server.onMessage((message) => {
      const pass = () => socket.send(message);
      if (asked.has(numberOf(message))) held.push(pass);
      else pass();
    });
  });
  return async () => {
    if (held.length < answers)
      throw new Error(`${held.length} of ${answers} answers of ${procedure} are held`);
    for (const pass of held) pass();
    await drawn(page);
  };
}

/** The number of the call that a message belongs to. */
function numberOf(message: string | Buffer): string {
  return /"i":"?(\d+)/.exec(message.toString())?.[1] ?? "";
}
