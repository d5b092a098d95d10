import { statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { RPCHandler } from "@orpc/server/ws";
import { WebSocketServer } from "ws";
import type { SessionDescription } from "../shared/api.ts";
import { sendErrors } from "../shared/api-calls.ts";
import { consoleChannelPath, consoleChannelQuerySchema } from "../shared/byte-channel.ts";
import type { SessionEvent } from "../shared/session-event.ts";
import { relayConsole } from "./console-relay.ts";
import { wholeFile } from "./growing-file.ts";
import { createOfferedGuest } from "./offered-guest.ts";
import type { SessionPaths } from "./paths.ts";
import { createPendingChoice } from "./pending-choice.ts";
import { createSessionApi } from "./session-api.ts";
import { createSessionConsole } from "./session-console.ts";
import { readSessionLog } from "./session-log-reader.ts";

/** A request to become a WebSocket, as it came in. */
export interface SocketRequest {
  readonly request: IncomingMessage;
  /** Path and query at the session. */
  readonly target: string;
  readonly stream: Duplex;
  /** What came after the request. */
  readonly head: Buffer;
}

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 });

/** Answers for a session that has ended, from the files that it left, as its process did while it ran. */
export function serveEndedSession(
  id: string,
  files: SessionPaths,
  { request, target, stream, head }: SocketRequest,
): void {
  const status = statSync(files.events, { throwIfNoEntry: false });
  const { pathname, searchParams } = new URL(target, "http://session");
  const query = consoleChannelQuerySchema.safeParse(Object.fromEntries(searchParams));
  const isRpc = pathname === "/rpc";
  if (!status || !(isRpc || (pathname === consoleChannelPath && query.success))) {
    stream.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  sockets.handleUpgrade(request, stream, head, (socket) => {
    socket.on("error", () => {});
    if (isRpc) void endedApi(id, files, status.birthtimeMs).upgrade(socket);
    else void relayConsole(socket, query.data?.from ?? 0, { output: wholeFile(files.serialLog) });
  });
}

function endedApi(id: string, files: SessionPaths, startedAt: number): RPCHandler<Record<never, never>> {
  const description: SessionDescription = {
    id,
    title: "An ended session",
    kind: "build",
    startedAt,
    processId: 0,
    folder: files.folder,
  };
  const api = createSessionApi({
    description,
    guest: createOfferedGuest(id),
    choice: createPendingChoice(id),
    sendBreak: createSessionConsole(files.serialLog).sendBreak,
    events: eventsOf(files.events),
  });
  return new RPCHandler(api, { clientInterceptors: [sendErrors] });
}

function eventsOf(path: string) {
  return async function* ({
    after = 0,
  }: {
    readonly after?: number | undefined;
  }): AsyncGenerator<SessionEvent> {
    for await (const event of readSessionLog(path)) if (event.seq > after) yield event;
  };
}
