import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { GuestShellScript } from "./test-guest.ts";

/** Plays a shell without a terminal in a test's guest by its command, which runs on this host; errors come after its output. */
export async function playCommand({ action, input, print }: GuestShellScript): Promise<boolean> {
  const [command = "", ...args] = action.command;
  const child = spawn(command, args, { stdio: "pipe" });
  // It may end before it has read all of its input.
  child.stdin.on("error", () => {});
  const ended = once(child, "close");
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for await (const bytes of input)
    if (!hasEnded && !child.stdin.write(bytes)) await Promise.race([once(child.stdin, "drain"), ended]);
  child.stdin.end();
  await print((await printed).join(""));
  const [status] = await ended;
  return status === 0;
}
