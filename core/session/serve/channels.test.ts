import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type ChannelNote, listenToBytes, shellChannelTarget } from "../../../shared/channel/byte-channel.ts";
import { type Channel, portChannel } from "../../../shared/channel/channel.ts";
import { createClient } from "../../../shared/contracts/calls.ts";
import type { SessionClient } from "../../../shared/contracts/session-contract.ts";
import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { createShellClient } from "../../../shared/guest/shell-client.ts";
import { encodeShellMessage, type ShellStream } from "../../../shared/guest/shell-codec.ts";
import { eventually } from "../../../tests/eventually.ts";
import { createGrowingFile } from "../../files/logs/growing-file.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import type { GuestActions } from "../../metaservice/actions/guest-actions.ts";
import { createKeepFailed } from "../live/keep-failed-guest.ts";
import { createLiveGuest } from "../live/live-guest.ts";
import { createLiveInstall } from "../live/live-install.ts";
import { createLiveMachine } from "../live/live-machine.ts";
import { createLiveRecording } from "../live/live-recording.ts";
import { createLiveRounds } from "../live/live-rounds.ts";
import { createPendingChoice } from "../live/pending-choice.ts";
import { createSessionServices, type FindService } from "./session-services.ts";
import { createSessionSockets } from "./session-sockets.ts";
import { newHome, untilCancelled } from "./test-session.ts";
import { webSocketChannel } from "./web-socket-channel.ts";

/** Opens a channel to what a target names, over one kind of transport. */
type Open = (target: string) => Channel;

async function overWebSockets(findService: FindService): Promise<Open> {
  const sockets = createSessionSockets();
  const server = createServer().on("upgrade", (request, stream, head) =>
    sockets.accept({ request, target: request.url ?? "", stream, head }, findService),
  );
  const { sessions: folder } = newHome();
  makePrivateFolder(folder);
  const path = join(folder, "api.sock");
  await once(server.listen(path), "listening");
  onTestFinished(() => {
    for (const socket of sockets.clients()) socket.terminate();
    server.close();
  });
  return (target) => webSocketChannel(new WebSocket(`ws+unix:${path}:${target}`));
}

async function overMessagePorts(findService: FindService): Promise<Open> {
  return (target) => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const service = findService(target);
    if (typeof service === "string") throw new Error(service);
    service.serve(portChannel(port2));
    return portChannel(port1);
  };
}

const brokenOff = new AppError({ code: "interrupted", message: "broken off" });

describe.each([
  ["WebSockets", overWebSockets],
  ["MessagePorts", overMessagePorts],
])("over %s", (_name, transport) => {
  /** A session of which the test plays the guest, and a client of it. */
  async function start(actions: Partial<GuestActions> = {}) {
    const output = createGrowingFile(join(newHome().sessions, "..", "serial.log"));
    const typed: Uint8Array[] = [];
    const guest = createLiveGuest("test");
    guest.provide(actions as GuestActions);
    const open = await transport(
      createSessionServices({
        answer: { isRunning: false, id: "test", folder: "/" },
        guest,
        machine: createLiveMachine("test"),
        choice: createPendingChoice("test"),
        keepFailed: createKeepFailed("test"),
        rounds: createLiveRounds("test"),
        install: createLiveInstall("test"),
        recording: createLiveRecording("test"),
        taskLog: output,
        serial: { output, type: async (bytes) => void typed.push(Uint8Array.from(bytes)) },
        host: { output },
        sendBreak: async () => {},
        stop: () => {},
        events: async function* ({ after = 0 }) {
          for (let seq = after + 1; seq <= 3; seq += 1)
            yield [{ seq, time: 1, type: "note", text: `${seq}` }];
        },
      }),
    );
    const calls = open("/rpc");
    const api = createClient<SessionClient>(calls, () => brokenOff);
    return { open, calls, api, output, typed };
  }

  /** Follows a console from a byte on, and keeps what it prints. */
  function follow(channel: Channel) {
    const notes: ChannelNote["type"][] = [];
    const chunks: Uint8Array[] = [];
    const closed = Promise.withResolvers<void>();
    const client = createShellClient({
      send: (message) => void channel.send(message),
      onOutput: (_stream, bytes, consumed) => {
        chunks.push(Uint8Array.from(bytes));
        consumed();
      },
    });
    listenToBytes(channel, {
      onBytes: client.receive,
      onNote: ({ type }) => notes.push(type),
      onClose: closed.resolve,
    });
    return { client, notes, printed: () => Buffer.concat(chunks), closed: closed.promise };
  }

  test("calls are answered, errors keep their code, and events come in their order", async () => {
    const error = new AppError({ code: "guest-no-answer", message: "no answer", advice: "Look at it." });
    const { api } = await start({ killProcess: () => Promise.reject(error) });
    expect(await api.session.describe()).toEqual({ isRunning: false, id: "test", folder: "/" });
    await expect(api.guest.killProcess()).rejects.toMatchObject(error.toJSON());
    const seen: number[] = [];
    for await (const events of sessionEvents(api, { after: 1 })) seen.push(...events.map(({ seq }) => seq));
    expect(seen).toEqual([2, 3]);
    expect(await (await api.session.events({ after: 1, asText: true })).next()).toMatchObject({
      value: expect.stringMatching(/^\[\{"seq":2,/),
    });
  });

  test("a console whose log can't be read is over for its client, and for nobody else", async () => {
    const { open, api, output } = await start();
    mkdirSync(output.path, { recursive: true });
    const { closed } = follow(open("/serial?from=0"));
    await closed;
    expect(await api.session.describe()).toMatchObject({ id: "test" });
  });

  test("a call that is aborted, or whose client is gone, is cancelled", async () => {
    const actions = [untilCancelled(), untilCancelled()];
    let asked = 0;
    const { api, calls } = await start({
      listFolder: (_path, options) => {
        asked += 1;
        return actions[asked - 1]?.act(options?.signal) ?? Promise.reject();
      },
    });
    const stop = new AbortController();
    const first = api.guest.listFolder({ path: "/" }, { signal: stop.signal });
    await actions[0]?.started;
    stop.abort(brokenOff);
    await expect(first).rejects.toBe(brokenOff);
    await actions[0]?.cancelled;
    const second = api.guest.listFolder({ path: "/" });
    await actions[1]?.started;
    calls.close();
    await expect(second).rejects.toBe(brokenOff);
    await actions[1]?.cancelled;
  });

  test("every byte of a console arrives, from wherever one begins, and then its end", async () => {
    const { open, output } = await start();
    const bytes = randomBytes(1_000_000);
    writeFileSync(output.path, bytes);
    const console = follow(open("/serial?from=10"));
    await eventually(() => expect(console.printed().length).toBe(bytes.length - 10));
    output.end();
    await console.closed;
    expect(console.printed().equals(bytes.subarray(10))).toBe(true);
    expect(console.notes).toEqual(["open", "ended"]);
  });

  test("a console says from where it begins, and what had been printed by then", async () => {
    const { open, output } = await start();
    writeFileSync(output.path, "12345");
    const said = Promise.withResolvers<ChannelNote>();
    listenToBytes(open("/serial?from=2"), { onBytes: () => {}, onNote: said.resolve, onClose: () => {} });
    expect(await said.promise).toEqual({ type: "open", from: 2, printed: 5 });
  });

  test("of several terminals on a console one answers: the one typed into last, else the first", async () => {
    const { open, output, typed } = await start();
    writeFileSync(output.path, "");
    const connect = async (target: string) => {
      const channel = open(target);
      const opened = Promise.withResolvers<ChannelNote>();
      listenToBytes(channel, { onBytes: () => {}, onNote: opened.resolve, onClose: () => {} });
      await opened.promise;
      const send = (stream: ShellStream, text: string) =>
        channel.send(encodeShellMessage({ type: "data", stream, payload: Buffer.from(text) }));
      return {
        close: channel.close,
        type: (text: string) => send("stdin", text),
        answer: (text: string) => send("stdout", text),
      };
    };
    const reader = await connect("/serial");
    const [first, second] = [await connect("/serial?answers=1"), await connect("/serial?answers=1")];
    const typedSoFar = () => Buffer.concat(typed).toString();
    const answerAll = async (text: string) => {
      for (const one of [reader, first, second]) await one.answer(text);
    };
    await answerAll("(1)");
    // Two channels don't wait for each other.
    await eventually(() => expect(typedSoFar()).toBe("(1)"));
    await second.type("s");
    await eventually(() => expect(typedSoFar()).toBe("(1)s"));
    await answerAll("(2)");
    await eventually(() => expect(typedSoFar()).toBe("(1)s(2)"));
    await reader.type("r");
    await eventually(() => expect(typedSoFar()).toBe("(1)s(2)r"));
    second.close();
    await eventually(async () => {
      await answerAll("(3)");
      expect(typedSoFar()).toContain("(3)");
    });
  });

  test("what is typed arrives as it is, however much it is", async () => {
    const { open, output, typed } = await start();
    writeFileSync(output.path, "");
    const { client } = follow(open("/serial"));
    const bytes = randomBytes(300_000);
    await client.write(bytes);
    await eventually(() => expect(Buffer.concat(typed).equals(bytes)).toBe(true));
  });

  test("one who consumes nothing is sent no more than a window, and one who breaks the rules is cut off", async () => {
    const { open, output } = await start();
    writeFileSync(output.path, randomBytes(1_000_000));
    const channel = open("/serial");
    let received = 0;
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    channel.onMessage((message) => {
      if (typeof message !== "string") received += message.length - 2;
    });
    await eventually(() => expect(received).toBe(64 * 1024));
    // An acknowledgement of more than was sent.
    await channel.send(Uint8Array.of(1, 1, 0xff, 0, 0, 0));
    await closed;
    expect(received).toBe(64 * 1024);
  });

  test("a shell that can't be had says why", async () => {
    const error = new AppError({ code: "guest-action-failed", message: "no shell" });
    const { open } = await start({ openShell: () => Promise.reject(error) });
    const said = Promise.withResolvers<ChannelNote>();
    const channel = open(shellChannelTarget({ command: [], tty: true }));
    listenToBytes(channel, { onBytes: () => {}, onNote: said.resolve, onClose: () => {} });
    expect(await said.promise).toMatchObject({ type: "failed", error: { message: "no shell" } });
  });
});
