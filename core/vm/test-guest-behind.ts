import { decodeShellMessage, encodeShellMessage } from "../../shared/guest/shell-codec.ts";
import type { GuestActions } from "../metaservice/actions/guest-actions.ts";

/** A guest whose clock is behind, and which ends its shell as the test says once it has received the time. */
export function guestBehind(seconds: number, complaint = "") {
  const told: number[] = [];
  const openShell: GuestActions["openShell"] = async (_request, { receive }) => {
    const ended = Promise.withResolvers<{ readonly success: boolean }>();
    const print = (stream: "stdout" | "stderr", text: string) =>
      receive(encodeShellMessage({ type: "data", stream, payload: Buffer.from(text) }));
    const send = (bytes: Uint8Array) => {
      const message = decodeShellMessage(bytes);
      if (message?.type !== "data") return;
      told.push(Number(Buffer.from(message.payload).toString()));
      if (complaint) print("stderr", complaint);
      ended.resolve({ success: complaint === "" });
    };
    setImmediate(() => print("stdout", `${Math.round(Date.now() / 1000) - seconds}\n`));
    return { send, ended: ended.promise };
  };
  return { told, actions: { openShell } };
}
