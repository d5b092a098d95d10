import { AppError } from "../../shared/errors/errors.ts";
import { createShellClient } from "../../shared/guest/shell-client.ts";
import type { GuestActions, ShellOptions } from "../metaservice/actions/guest-actions.ts";

/**
 * Prints the guest's time, reads the right one, and sets its clock, all in one shell: so that little time passes in
 * between.
 */
const script = 'date -u +%s && read -r now && date -u -s "@$now" >/dev/null';

/** `isFreeOfRules`: a breakpoint doesn't hold it. */
type ClockOptions = Pick<ShellOptions, "signal" | "isFreeOfRules">;

/**
 * Sets the guest's clock by the host's, with the guest's own `date`.
 *
 * @returns by how many seconds it was behind.
 * @throws AppError `guest-action-failed` when the guest can't: its guest tools have to run as root. As
 *   `GuestActions.openShell` else
 */
export async function setGuestClock(
  actions: Pick<GuestActions, "openShell">,
  { signal, isFreeOfRules }: ClockOptions = {},
): Promise<{ readonly behindSeconds: number }> {
  const decoder = new TextDecoder();
  let printed = "";
  let behindSeconds: number | undefined;
  let send = (_message: Uint8Array) => {};
  const client = createShellClient({
    send: (message) => send(message),
    onOutput: (_stream, bytes, consumed) => {
      printed += decoder.decode(bytes, { stream: true });
      consumed();
      const [, told] = /^(\d+)\r?\n/.exec(printed) ?? [];
      if (told === undefined || behindSeconds !== undefined) return;
      const now = Math.round(Date.now() / 1000);
      behindSeconds = now - Number(told);
      void client.write(Buffer.from(`${now}\n`));
    },
  });
  const request = { command: ["sh", "-c", script], tty: false };
  const shell = await actions.openShell(request, {
    receive: client.receive,
    signal,
    isFreeOfRules,
    purpose: "set-clock",
  });
  send = shell.send;
  const { success } = await shell.ended;
  if (success && behindSeconds !== undefined) return { behindSeconds };
  throw new AppError({
    code: "guest-action-failed",
    message: `the guest's clock was not set: ${printed.replace(/^\d+\r?\n/, "").trim() || "its date command failed"}`,
    advice:
      "Guest tools that run as root can set it. With others, set it in the guest: sudo date -u -s TIME.",
  });
}
