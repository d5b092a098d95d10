import type { RawChannel } from "@novnc/novnc";
import { listenToBytes, screenChannelPath } from "../../../shared/channel/byte-channel.ts";
import { openByteChannel } from "../../client/api-client.ts";

/** Opens a session's screen, in the form in which the viewer's library takes it. It closes when there is none. */
export function openScreenChannel(session: string): RawChannel {
  const channel = openByteChannel(session, screenChannelPath, {});
  let readyState: RawChannel["readyState"] = "connecting";
  const raw: RawChannel = {
    get readyState() {
      return readyState;
    },
    protocol: "",
    binaryType: "arraybuffer",
    onopen: () => {},
    onmessage: () => {},
    onclose: () => {},
    onerror: () => {},
    send: (bytes) => void channel.send(bytes),
    close: channel.close,
  };
  listenToBytes(channel, {
    onBytes: (data) => raw.onmessage({ data }),
    onNote: ({ type }) => {
      if (type !== "open") return;
      readyState = "open";
      raw.onopen();
    },
    onClose: () => {
      readyState = "closed";
      raw.onclose({});
    },
  });
  return raw;
}
