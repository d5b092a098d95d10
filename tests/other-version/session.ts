import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { eventIterator, oc, type } from "@orpc/contract";
import { implement } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { tryLock } from "../../core/files/locks/file-lock.ts";
import { makePrivateFolder } from "../../core/files/private-folder.ts";
import { serveCalls } from "../../core/session/serve/serve-calls.ts";
import { webSocketChannel } from "../../core/session/serve/web-socket-channel.ts";
import { findPaths, sessionPaths } from "../../core/storage/paths.ts";

// The process of a session of Tinsmith 9.9.9, whose protocol is another: it has only the stable core, and events that no
// older Tinsmith knows. TINSMITH_HOME says where it runs, and the one argument is its session's id.

const [, , id = ""] = process.argv;
const paths = findPaths();
const files = sessionPaths(paths, id);
makePrivateFolder(paths.sessions);
makePrivateFolder(paths.sockets);
mkdirSync(files.folder);
mkdirSync(files.socketFolder);
const time = Date.now();
writeFileSync(files.events, `${JSON.stringify({ version: 99, seq: 1, what: { it: "began" } })}\n`);
const description = {
  ...{ id, title: "A dream", kind: "dream", startedAt: time, processId: process.pid, folder: files.folder },
  ...{ tinsmith: "9.9.9", protocol: 99, mood: { sunny: true } },
};
tryLock(files.lock, JSON.stringify(description));

const contract = {
  session: {
    events: oc
      .input(z.object({ after: z.number().optional() }))
      .output(eventIterator(type<readonly object[]>())),
    stop: oc.input(z.object({ force: z.boolean() })),
  },
};
const api = implement(contract);
const calls = new StandardRPCHandler(
  api.router({
    session: {
      events: api.session.events.handler(async function* ({ input: { after = 0 }, signal }) {
        const events = [
          { seq: 1, time, type: "dream-started", dream: { depth: 1 } },
          { seq: 2, time, type: "note", text: "a note that all know" },
          { seq: 3, time, type: "task-result", result: { colour: "green" }, text: ["no", "text"] },
          { seq: 4, time, type: "dream-told", text: "of electric sheep" },
        ];
        yield events.filter(({ seq }) => seq > after);
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      }),
      stop: api.session.stop.handler(async () => void setImmediate().then(end)),
    },
  }),
);
const sockets = new WebSocketServer({ noServer: true });
const server = createServer();
server.on("upgrade", (request, stream, head) =>
  sockets.handleUpgrade(request, stream, head, (socket) => serveCalls(calls, webSocketChannel(socket))),
);
server.listen(files.apiSocket, () => process.stdout.write("ready\n"));

function end(): void {
  rmSync(files.socketFolder, { recursive: true });
  process.exit();
}
