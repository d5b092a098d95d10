import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { listenToBytes, screenChannelPath } from "../../../shared/channel/byte-channel.ts";
import { eventually } from "../../../tests/eventually.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import type { Paths } from "../../storage/paths.ts";
import type { MachineControl } from "../../vm/machine-control.ts";
import { newHome, openTestSession } from "../serve/test-session.ts";
import { webSocketChannel } from "../serve/web-socket-channel.ts";
import { relayScreen } from "./screen-relay.ts";

/** A session whose screen the test plays; and viewers of it. */
async function start(paths: Paths = newHome()) {
  const session = await openTestSession(paths);
  const path = join(session.paths.socketFolder, "vnc.sock");
  const server = createServer().listen(path);
  await once(server, "listening");
  const connections: Socket[] = [];
  server.on("connection", (socket) => connections.push(socket.on("error", () => {})));
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const machine: Partial<MachineControl> = {
    openScreen: async () => connect(path),
    watch: async function* () {
      yield { status: "running" };
    },
  };
  const offer = session.machine.provide(machine as MachineControl);
  const view = () => {
    const socket = new WebSocket(`ws+unix:${session.paths.apiSocket}:${screenChannelPath}`);
    onTestFinished(() => socket.terminate());
    const channel = webSocketChannel(socket);
    const notes: string[] = [];
    const bytes: Buffer[] = [];
    listenToBytes(channel, {
      onBytes: (message) => bytes.push(Buffer.from(message)),
      onNote: (note) => notes.push(note.type === "failed" ? note.error.message : note.type),
      onClose: () => notes.push("closed"),
    });
    return { channel, socket, notes, text: () => Buffer.concat(bytes).toString() };
  };
  const connected = async (number: number) =>
    await eventually(() => {
      const socket = connections[number];
      if (!socket) throw new Error("nobody has connected");
      return socket;
    });
  return { session, offer, view, connected };
}

test("bytes pass as they are in both directions, for several viewers at once", async () => {
  const { view, connected } = await start();
  const [one, other] = [view(), view()];
  for (const number of [0, 1]) (await connected(number)).write("RFB 003.008\n");
  await eventually(() => expect([one.text(), other.text()]).toEqual(["RFB 003.008\n", "RFB 003.008\n"]));
  const received = Promise.race([0, 1].map(async (number) => once(await connected(number), "data")));
  await one.channel.send(Buffer.from([0, 255, 10]));
  expect(await received).toEqual([Buffer.from([0, 255, 10])]);
  expect(one.notes).toEqual(["open"]);
});

test("when the virtual machine goes, its viewers are told, and see the next one when they come again", async () => {
  const { view, connected } = await start();
  const first = view();
  (await connected(0)).end("last");
  await eventually(() => expect(first.notes).toEqual(["open", "ended", "closed"]));
  expect(first.text()).toBe("last");
  const second = view();
  (await connected(1)).write("next");
  await eventually(() => expect(second.text()).toBe("next"));
});

test("while there is no virtual machine, that is said", async () => {
  const { session, offer, view } = await start();
  offer[Symbol.dispose]();
  const { notes } = view();
  await eventually(() =>
    expect(notes).toEqual([`session ${session.id} has no virtual machine now`, "closed"]),
  );
});

test("a viewer that stands still holds up its screen, and nothing is kept for it", async () => {
  const { view, connected } = await start();
  const { socket, notes } = view();
  const screen = await connected(0);
  await eventually(() => expect(notes).toEqual(["open"]));
  socket.pause();
  let written = 0;
  const block = Buffer.alloc(64 * 1024);
  // Each waits in vain for the one before it, once the buffers of the sockets are full.
  while (written < 200 && (await Promise.race([taken(screen, block), stuck()]))) written += 1;
  expect(written).toBeLessThan(50);
});

/** Whether a stream takes a block at all. */
async function taken(stream: Socket, block: Buffer): Promise<boolean> {
  return await new Promise((resolve) => stream.write(block, () => resolve(true)));
}

async function stuck(): Promise<boolean> {
  await letTimePass(1_000);
  return false;
}

test("a viewer that leaves is disconnected from the screen", async () => {
  const { view, connected } = await start();
  const { channel } = view();
  const screen = await connected(0);
  screen.resume();
  channel.close();
  await once(screen, "close");
});

test("a viewer that leaves while the screen is opened for it is disconnected from the screen", async () => {
  const gone = {
    isClosed: () => true,
    close: () => {},
    send: async () => {},
    onMessage: () => {},
    onClose: () => {},
  };
  const screen = new PassThrough();
  const machine = { openScreen: async () => screen } as unknown as MachineControl;
  await relayScreen(gone, { use: (ask) => ask(machine) });
  expect(screen.destroyed).toBe(true);
});
