import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { shellChannelTarget } from "../../../shared/channel/byte-channel.ts";
import { createReceiveWindow, createSendWindow } from "../../../shared/channel/flow-control.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import { protocolLimits } from "../../../shared/limits.ts";
import { eventually } from "../../../tests/eventually.ts";
import type {
  GuestActions,
  GuestShell,
  ShellOptions,
  ShellRequest,
} from "../../metaservice/actions/guest-actions.ts";
import { attach } from "../client/attach.ts";
import { newHome, openTestSession, untilCancelled } from "../serve/test-session.ts";

/** The guest's end of a shell, as the test plays it. */
interface ScriptedShell {
  readonly request: ShellRequest;
  readonly purpose: ShellOptions["purpose"];
  readonly signal: AbortSignal | undefined;
  readonly received: ShellMessage[];
  send(message: ShellMessage): void;
  cut(reason: AppError): void;
}

type Script = (shell: ScriptedShell) => void;

/** Opens shells that are played by a script. */
function scriptedShells(script: Script): GuestActions["openShell"] {
  return async (request: ShellRequest, { signal, receive, purpose }: ShellOptions): Promise<GuestShell> => {
    const ended = Promise.withResolvers<{ success: boolean }>();
    signal?.addEventListener("abort", () => ended.reject(signal.reason));
    const shell: ScriptedShell = {
      request,
      signal,
      purpose,
      received: [],
      send: (message) => {
        receive(encodeShellMessage(message));
        if (message.type === "exit") ended.resolve({ success: message.success });
      },
      cut: ended.reject,
    };
    setImmediate(() => script(shell));
    return {
      ended: ended.promise,
      send: (bytes) => {
        const message = decodeShellMessage(bytes);
        if (!message) throw new AppError({ code: "guest-action-failed", message: "no such message" });
        shell.received.push(message);
        onMessage.get(shell)?.(message);
      },
    };
  };
}

/** The handlers that scripts have for incoming messages. */
const onMessage = new WeakMap<ScriptedShell, (message: ShellMessage) => void>();

async function startShell(script: Script, onOutput: Parameters<typeof collect>[0] = () => {}) {
  const paths = newHome();
  const session = await openTestSession(paths, { openShell: scriptedShells(script) });
  const attached = await attach(paths);
  const stop = new AbortController();
  const request = { command: ["sh", "-c", "echo ü"], tty: true };
  const shell = await attached.openShell(
    { ...request, purpose: "put-file" },
    { signal: stop.signal, onOutput: collect(onOutput) },
  );
  return { session, attached, shell, stop, request };
}

/** Consumes all output at once, but for what the test says is held. */
function collect(onOutput: (bytes: Uint8Array, consumed: () => void) => unknown) {
  return (_stream: string, bytes: Uint8Array, consumed: () => void) => {
    if (onOutput(bytes, consumed) !== "held") consumed();
  };
}

test("a shell is started as asked for, and its success is passed on", async () => {
  let request: ShellRequest | undefined;
  let purpose: string | undefined;
  const started = await startShell((shell) => {
    ({ request, purpose } = shell);
    shell.send({ type: "exit", success: false });
  });
  expect(await started.shell.ended).toEqual({ success: false });
  expect(request).toEqual(started.request);
  expect(purpose).toBe("put-file");
});

test("input, size and the end of input reach the guest in order, byte for byte", async () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  const scripted = Promise.withResolvers<ScriptedShell>();
  const { shell } = await startShell(scripted.resolve);
  shell.resize(100, 30);
  await shell.write(all);
  await shell.end();
  const guest = await scripted.promise;
  await eventually(() =>
    expect(guest.received).toEqual([
      { type: "size", columns: 100, rows: 30 },
      { type: "data", stream: "stdin", payload: all },
      { type: "data", stream: "stdin", payload: new Uint8Array() },
    ]),
  );
  guest.send({ type: "exit", success: true });
  expect(await shell.ended).toEqual({ success: true });
});

/** Sends bytes as a guest does: in blocks, within the window, as it is acknowledged. */
function sendAll(shell: ScriptedShell, bytes: Uint8Array, onSent: (count: number) => void): void {
  const window = createSendWindow(protocolLimits.shellWindowBytes);
  let sent = 0;
  const fill = () => {
    while (sent < bytes.length && window.room() > 0) {
      const payload = bytes.subarray(sent, sent + Math.min(window.room(), protocolLimits.shellBlockBytes));
      window.sent(payload.length);
      sent += payload.length;
      shell.send({ type: "data", stream: "stdout", payload });
    }
    onSent(sent);
    if (sent === bytes.length) shell.send({ type: "exit", success: true });
  };
  onMessage.set(shell, (message) => {
    if (message.type !== "ack") return;
    window.acknowledged(message.bytes);
    fill();
  });
  fill();
}

test("5 MB arrive whole and in order; a reader that stalls holds the guest up, and nothing piles up", async () => {
  const bytes = randomBytes(5_000_000);
  const digest = createHash("sha256");
  const held: (() => void)[] = [];
  let isStalled = true;
  let sent = 0;
  let taken = 0;
  const { shell } = await startShell(
    (guest) =>
      sendAll(guest, bytes, (count) => {
        sent = count;
      }),
    (block, consumed) => {
      digest.update(block);
      taken += block.length;
      if (isStalled) held.push(consumed);
      return isStalled ? "held" : undefined;
    },
  );
  await eventually(() => expect(taken).toBe(protocolLimits.shellWindowBytes));
  expect(sent).toBe(protocolLimits.shellWindowBytes);
  isStalled = false;
  for (const consumed of held) consumed();
  expect(await shell.ended).toEqual({ success: true });
  expect(taken).toBe(bytes.length);
  expect(digest.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a guest that takes no input holds its writer up", async () => {
  const bytes = randomBytes(1_000_000);
  const scripted = Promise.withResolvers<ScriptedShell>();
  const { shell } = await startShell(scripted.resolve);
  const guest = await scripted.promise;
  const window = createReceiveWindow(protocolLimits.shellWindowBytes);
  const received: Uint8Array[] = [];
  let isStalled = true;
  const take = (payload: Uint8Array) => {
    window.consumed(payload.length);
    guest.send({ type: "ack", stream: "stdin", bytes: payload.length });
  };
  onMessage.set(guest, (message) => {
    if (message.type !== "data") return;
    window.received(message.payload.length);
    received.push(message.payload);
    if (!isStalled) take(message.payload);
  });
  const written = shell.write(bytes);
  await eventually(() => expect(Buffer.concat(received).length).toBe(protocolLimits.shellWindowBytes));
  isStalled = false;
  for (const payload of [...received]) take(payload);
  await written;
  await eventually(() => expect(Buffer.concat(received).equals(bytes)).toBe(true));
});

test("a guest that never answers is an error when the shell is opened", async () => {
  const paths = newHome();
  const error = new AppError({
    code: "guest-no-answer",
    message: "no answer in 30 s",
    advice: "Look at it.",
  });
  await openTestSession(paths, { openShell: () => Promise.reject(error) });
  using attached = await attach(paths);
  const opening = attached.openShell(
    { command: [], tty: false },
    { signal: new AbortController().signal, onOutput: () => {} },
  );
  await expect(opening).rejects.toMatchObject(error.toJSON());
});

test("a guest that is cut off later is the shell's end, with the error as it was", async () => {
  const error = new AppError({ code: "guest-action-failed", message: "the guest hung up" });
  const { shell } = await startShell((guest) => guest.cut(error));
  await expect(shell.ended).rejects.toMatchObject(error.toJSON());
});

test("a client that aborts has killed the shell, and has its own reason", async () => {
  const scripted = Promise.withResolvers<ScriptedShell>();
  const { session, shell, stop } = await startShell(scripted.resolve);
  const { signal } = await scripted.promise;
  const reason = new AppError({ code: "interrupted", message: "interrupted" });
  stop.abort(reason);
  await expect(shell.ended).rejects.toBe(reason);
  await session.guest.idle();
  expect(signal?.aborted).toBe(true);
});

test("a client that aborts while the guest is asked for the shell takes that back", async () => {
  const { act, started, cancelled } = untilCancelled();
  const paths = newHome();
  await openTestSession(paths, { openShell: (_request, { signal }) => act(signal) });
  using attached = await attach(paths);
  const stop = new AbortController();
  const opening = attached.openShell(
    { command: [], tty: false },
    { signal: stop.signal, onOutput: () => {} },
  );
  await started;
  const reason = new AppError({ code: "interrupted", message: "interrupted" });
  stop.abort(reason);
  await expect(opening).rejects.toBe(reason);
  await cancelled;
});

test("a client that breaks the rules has killed its shell, and is told", async () => {
  const paths = newHome();
  const session = await openTestSession(paths, { openShell: scriptedShells(() => {}) });
  const channel = new WebSocket(
    `ws+unix:${session.paths.apiSocket}:${shellChannelTarget({ command: [], tty: false })}`,
  );
  const [open] = await once(channel, "message");
  expect(JSON.parse(open)).toEqual({ type: "open" });
  channel.send(Uint8Array.of(99));
  const [failed] = await once(channel, "message");
  expect(JSON.parse(failed)).toEqual({
    type: "failed",
    error: expect.objectContaining({ code: "guest-action-failed", message: "no such message" }),
  });
  await once(channel, "close");
  await session.guest.idle();
});

test("several shells at once don't mix", async () => {
  const paths = newHome();
  const echo: Script = (guest) => {
    guest.send({ type: "data", stream: "stdout", payload: Buffer.from(guest.request.command.join(" ")) });
    guest.send({ type: "exit", success: guest.request.command[0] === "good" });
  };
  await openTestSession(paths, { openShell: scriptedShells(echo) });
  using attached = await attach(paths);
  const results = await Promise.all(
    ["good one", "bad one", "good two"].map(async (text) => {
      let output = "";
      const shell = await attached.openShell(
        { command: text.split(" "), tty: false },
        {
          signal: new AbortController().signal,
          onOutput: collect((bytes) => {
            output += Buffer.from(bytes);
          }),
        },
      );
      return { output, ...(await shell.ended) };
    }),
  );
  expect(results).toEqual([
    { output: "good one", success: true },
    { output: "bad one", success: false },
    { output: "good two", success: true },
  ]);
});

test("the session's end ends its shells, and says so", async () => {
  const { session, shell } = await startShell(() => {});
  const failure = expect(shell.ended).rejects.toMatchObject({ code: "guest-no-answer" });
  await session[Symbol.asyncDispose]();
  await failure;
});
