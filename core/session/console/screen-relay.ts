import type { Duplex } from "node:stream";
import { sendNote } from "../../../shared/channel/byte-channel.ts";
import type { Channel } from "../../../shared/channel/channel.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { LiveMachine } from "../live/live-machine.ts";

/** QEMU takes keys and pointer moves at once; a client that is this far ahead of it is not one of ours. Bytes. */
const maxPendingBytes = 1024 * 1024;

/**
 * Joins a client's channel to the virtual machine's VNC server, byte for byte in both directions, until either is gone.
 * No more is read from QEMU while the channel has not taken what came before: QEMU then leaves out what would be old.
 */
export async function relayScreen(channel: Channel, machine: Pick<LiveMachine, "use">): Promise<void> {
  try {
    const screen = await machine.use((control) => control.openScreen());
    await relay(channel, screen);
    sendNote(channel, { type: "ended" });
  } catch (thrown) {
    sendNote(channel, { type: "failed", error: toAppError(thrown).toJSON() });
  }
  channel.close();
}

async function relay(channel: Channel, screen: Duplex): Promise<void> {
  // The reason why it ends is also given by its close: QEMU that is killed resets it.
  screen.on("error", () => {});
  channel.onClose(() => screen.destroy());
  if (channel.isClosed()) screen.destroy();
  channel.onMessage((message) => {
    if (typeof message !== "string") screen.write(message);
    if (screen.writableLength > maxPendingBytes) channel.close();
  });
  sendNote(channel, { type: "open" });
  try {
    for await (const bytes of screen) await channel.send(bytes);
  } catch {
    // The client learns that it is over, in any case.
  }
}
