import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MessageChannel } from "node:worker_threads";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type Channel, portChannel } from "../../../shared/channel/channel.ts";
import { createClient } from "../../../shared/contracts/calls.ts";
import type { SessionClient } from "../../../shared/contracts/session-contract.ts";
import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { eventually } from "../../../tests/eventually.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import { newHome, openTestSession } from "../serve/test-session.ts";
import { webSocketChannel } from "../serve/web-socket-channel.ts";
import { joinSession, joinSessionChannel } from "./session-gate.ts";

const noRecording = () => undefined;

/** A function that joins a channel to a session. */
type Join = (paths: Paths, session: string) => Promise<Channel>;

const joinByWebSocket: Join = async (paths, session) => {
  const server = createServer();
  server.on("upgrade", (request, stream, head) =>
    joinSession(
      { paths, session, findRecording: noRecording },
      { request, target: request.url ?? "", stream, head },
    ),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`);
  // Its close reports it as well.
  socket.on("error", () => {});
  return webSocketChannel(socket);
};

const joinByPort: Join = async (paths, session) => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  joinSessionChannel({ paths, session, findRecording: noRecording }, "/rpc", portChannel(port2));
  return portChannel(port1);
};

function clientOn(channel: Channel): SessionClient {
  const gone = new AppError({ code: "interrupted", message: "the connection is gone" });
  return createClient<SessionClient>(channel, () => gone);
}

async function readEvents(client: SessionClient): Promise<readonly SessionEvent[]> {
  const all: SessionEvent[] = [];
  for await (const events of sessionEvents(client)) all.push(...events);
  return all;
}

const joins: readonly [string, Join][] = [
  ["a WebSocket", joinByWebSocket],
  ["a message port", joinByPort],
];

test.each(joins)(
  "a session whose process was killed, and has left its socket, is read from its files by %s",
  async (_what, join) => {
    const paths = newHome();
    const files = sessionPaths(paths, "20200101-000000-0000");
    for (const folder of [files.folder, files.socketFolder]) makePrivateFolder(folder);
    writeFileSync(files.events, '{"version":1,"seq":1,"time":1,"type":"note","text":"a note"}\n');
    writeFileSync(files.lock, "{}");
    const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
    await execa(process.execPath, ["-e", script, files.apiSocket], { reject: false });
    expect(existsSync(files.apiSocket)).toBe(true);
    const api = clientOn(await join(paths, "20200101-000000-0000"));
    expect(await readEvents(api)).toEqual([expect.objectContaining({ seq: 1, text: "a note" })]);
    expect(await api.session.describe()).toEqual({
      isRunning: false,
      id: "20200101-000000-0000",
      folder: files.folder,
    });
  },
);

test.each(joins)(
  "a running session whose sockets have vanished can be joined again by %s",
  async (_what, join) => {
    const paths = newHome();
    const session = await openTestSession(paths);
    session.record({ type: "note", text: "a note" });
    rmSync(paths.sockets, { recursive: true });
    const first = Promise.withResolvers<readonly SessionEvent[]>();
    await eventually(async () => {
      const api = clientOn(await join(paths, session.id));
      for await (const events of sessionEvents(api)) {
        first.resolve(events);
        break;
      }
    });
    expect(await first.promise).toEqual([expect.objectContaining({ text: "a note" })]);
  },
);
