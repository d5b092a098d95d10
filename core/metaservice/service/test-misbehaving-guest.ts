import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { WebSocket } from "ws";
import { actionSchema, type GuestActionType } from "../../../shared/guest/guest-protocol.ts";
import { encodeShellMessage } from "../../../shared/guest/shell-codec.ts";

export type ReplyManner = "right" | "garbage" | "wrong method" | "begin";

/** JSON for those who want it, and long enough to be cut. */
const body = "{}".padEnd(1000);
const half = 500;

/**
 * Guest tools that send anything that a test asks for, valid or not; `pick` chooses one of what there is, 0 the
 * newest.
 */
export function createUnrulyGuest(socketPath: string) {
  const taken: { readonly id: string; readonly type: GuestActionType | "none" }[] = [];
  const begun: Socket[] = [];
  const connections = new Set<Socket>();
  const shells = new Set<WebSocket>();

  const send = (bytes: string) => {
    const socket = connect(socketPath);
    connections.add(socket);
    socket.on("error", () => {}).once("close", () => connections.delete(socket));
    socket.resume().write(bytes);
    return socket;
  };
  const reply = (id: string, method: string, bytes: string) => {
    const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    return send(`${method} /engine/v1/reply?id=${id} HTTP/1.1\r\n${headers}\r\n${bytes}`);
  };
  const openShell = (id: string) => {
    const socket = new WebSocket(`ws+unix:${socketPath}:/engine/v1/reply?id=${id}`);
    socket.on("error", () => {}).once("close", () => shells.delete(socket));
    shells.add(socket);
  };

  return {
    poll: () => {
      send("GET /engine/v1/poll HTTP/1.1\r\n\r\n").on("data", (reply) => {
        const action = actionSchema.parse(JSON.parse(String(reply).split("\r\n\r\n")[1] ?? ""));
        if (action.type !== "none") taken.push(action);
      });
    },
    reply: (pick: number, manner: ReplyManner) => {
      const { id, type } = choose(taken, pick) ?? { id: "unknown", type: "none" };
      if (manner === "begin") begun.push(reply(id, "POST", body.slice(0, half)));
      else if (manner === "wrong method") reply(id, "PUT", body);
      else if (manner === "garbage") reply(id, "POST", body.replace("}", "?"));
      else if (type === "exec-shell") openShell(id);
      else reply(id, "POST", body);
    },
    finishReply: (pick: number) => void choose(begun, pick)?.write(body.slice(half)),
    exitShell: (pick: number) => {
      const shell = choose([...shells], pick);
      if (shell?.readyState === WebSocket.OPEN)
        shell.send(encodeShellMessage({ type: "exit", success: true }));
    },
    disconnect: (pick: number) => {
      const ends = [
        ...[...connections].map((socket) => () => socket.destroy()),
        ...[...shells].map((shell) => () => shell.terminate()),
      ];
      choose(ends, pick)?.();
    },
    die: async () => {
      for (const socket of connections) socket.destroy();
      for (const shell of shells) shell.terminate();
      while (connections.size + shells.size > 0) await setImmediate();
    },
  };
}

function choose<T>(items: readonly T[], pick: number): T | undefined {
  return items.at(-1 - (pick % Math.max(items.length, 1)));
}
