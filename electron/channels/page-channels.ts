import { ipcMain } from "electron";
import type { Channel } from "../../shared/channel/channel.ts";
import { connectMessage } from "../../shared/contracts/desktop-bridge.ts";
import { openChannelSchema } from "../../shared/contracts/desktop-contract.ts";
import { isOwnPage } from "../window/origin.ts";
import { mainPortChannel } from "./main-port.ts";

/** Serves one end of a channel that a page has opened, by its path. */
export type ServeChannel = (path: string, channel: Channel) => void;

/**
 * Takes the port that the preload script sends for its page. Over it the page sends further ports, one for each channel
 * that it opens. Nobody but the window's own page is listened to, and only to its main frame.
 */
export function acceptPages(serve: ServeChannel): void {
  ipcMain.on(connectMessage, ({ senderFrame, ports: [port] }) => {
    if (!port) return;
    if (!senderFrame || senderFrame.parent || !isOwnPage(senderFrame.url)) return port.close();
    port.on("message", ({ data, ports: [channelPort] }) => {
      const request = openChannelSchema.safeParse(data);
      if (!channelPort) return;
      if (request.success) serve(request.data.open, mainPortChannel(channelPort));
      else channelPort.close();
    });
    port.start();
  });
}
