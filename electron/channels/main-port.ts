import type { MessagePortMain } from "electron";
import { type Channel, portChannel } from "../../shared/channel/channel.ts";

/** A channel on one of Electron's own ports, which have Node's way of listening in place of the browser's. */
export function mainPortChannel(port: MessagePortMain): Channel {
  return portChannel({
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    addEventListener: (type, listener) => {
      if (type === "close") port.on("close", () => listener({}));
      else port.on("message", listener);
    },
  });
}
