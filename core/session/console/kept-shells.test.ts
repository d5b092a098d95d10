import { MessageChannel } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { leaveNote, listenToBytes } from "../../../shared/channel/byte-channel.ts";
import { portChannel } from "../../../shared/channel/channel.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { createShellClient } from "../../../shared/guest/shell-client.ts";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import { eventually } from "../../../tests/eventually.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import type { GuestActions } from "../../metaservice/actions/guest-actions.ts";
import { createLiveGuest } from "../live/live-guest.ts";
import { createKeptShells } from "./kept-shells.ts";

/** A guest whose shells print their input, until they are killed or get a "q". */
function startGuest() {
  const received: ShellMessage[] = [];
  let shells = 0;
  let cut = (_reason: Error) => {};
  const openShell: GuestActions["openShell"] = async (_request, { receive, signal }) => {
    shells += 1;
    const ended = Promise.withResolvers<{ readonly success: boolean }>();
    cut = ended.reject;
    signal?.addEventListener("abort", () => ended.reject(signal.reason));
    const say = (message: ShellMessage) => receive(encodeShellMessage(message));
    const exit = (success: boolean) => {
      say({ type: "exit", success });
      ended.resolve({ success });
    };
    const send = (bytes: Uint8Array) => {
      const message = decodeShellMessage(bytes);
      if (!message) return;
      received.push(message);
      if (message.type === "abort") exit(false);
      if (message.type !== "data") return;
      say({ type: "ack", stream: "stdin", bytes: message.payload.length });
      say({ type: "data", stream: "stdout", payload: message.payload });
      if (Buffer.from(message.payload).toString() === "q") exit(true);
    };
    return { send, ended: ended.promise };
  };
  return { openShell, received, shells: () => shells, cut: (reason: Error) => cut(reason) };
}

function start(keepTime = 60_000, openShell?: GuestActions["openShell"]) {
  const scripted = startGuest();
  const guest = createLiveGuest("test");
  guest.provide({ openShell: openShell ?? scripted.openShell } as GuestActions);
  const shells = createKeptShells(guest, keepTime);
  /** A client of the shell of a name. */
  const join = (name: string, only = false, from = 0) => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    void shells.serve(portChannel(port2), name, { command: [], tty: true, keep: name, join: only, from });
    const channel = portChannel(port1);
    const seen = { text: "", notes: [] as string[], exit: undefined as boolean | undefined, isKilled: false };
    const client = createShellClient({
      send: (message) => void channel.send(message),
      onOutput: (_stream, bytes, consumed) => {
        seen.text += Buffer.from(bytes);
        consumed();
      },
    });
    client.ended.then(
      ({ success }) => {
        seen.exit = success;
      },
      () => {},
    );
    listenToBytes(channel, {
      onBytes: client.receive,
      onNote: (note) => {
        seen.notes.push(note.type === "failed" ? note.error.message : note.type);
        if (note.type === "ended") seen.isKilled = note.isKilled ?? false;
      },
      onClose: () => {},
    });
    const leaveForGood = () => {
      void channel.send(leaveNote);
      channel.close();
    };
    return {
      seen,
      leave: channel.close,
      leaveForGood,
      type: (text: string) => client.write(Buffer.from(text)),
      client,
    };
  };
  return { ...scripted, join };
}

const notOpen = "the shell is not open: it has ended, or the guest never started it";

test("a shell goes on when its client is gone, and the next one sees what it has printed", async () => {
  const { join, shells } = start();
  const one = join("a");
  await one.type("first ");
  await eventually(() => expect(one.seen.text).toBe("first "));
  one.leave();
  const next = join("a", true);
  await eventually(() => expect(next.seen.text).toBe("first "));
  await next.type("second");
  await eventually(() => expect(next.seen.text).toBe("first second"));
  expect(shells()).toBe(1);
});

test("a client that was cut off sees only what it has not seen", async () => {
  const { join } = start();
  const one = join("a");
  await one.type("12345");
  one.leave();
  const next = join("a", true, 3);
  await eventually(() => expect(next.seen.text).toBe("45"));
});

test("two clients share a shell, and both see its end", async () => {
  const { join, shells } = start();
  const [one, other] = [join("a"), join("a", true)];
  await one.type("typed by one ");
  await other.type("q");
  await eventually(() => expect([one.seen.exit, other.seen.exit]).toEqual([true, true]));
  expect(other.seen.text).toBe("typed by one q");
  expect(shells()).toBe(1);
});

test("a shell without a client is killed after a while, and then is gone", async () => {
  const { join, received } = start(50);
  const one = join("a");
  await one.type("x");
  one.leave();
  await eventually(() => expect(received.at(-1)).toEqual({ type: "abort" }));
  await eventually(() => {
    const late = join("a", true);
    return eventually(() => expect(late.seen.notes).toEqual([notOpen]));
  });
});

test("a client that comes back in time keeps the shell alive", async () => {
  const { join, received } = start(300);
  const one = join("a");
  await one.type("x");
  one.leave();
  const next = join("a", true);
  await letTimePass(600);
  await next.type("y");
  await eventually(() => expect(next.seen.text).toBe("xy"));
  expect(received.map(({ type }) => type)).not.toContain("abort");
});

test("one that ends while nobody is there is told to who comes next", async () => {
  const { join } = start();
  const one = join("a");
  await one.type("x");
  await one.type("q");
  one.leave();
  const next = join("a", true);
  await eventually(() => expect(next.seen.exit).toBe(true));
  expect(next.seen.text).toBe("xq");
});

test("a client can end a shell at once, also before the guest has started it", async () => {
  const { join, received } = start();
  const one = join("a");
  await one.type("x");
  one.client.abort();
  await eventually(() => expect(one.seen.exit).toBe(false));
  expect(received.at(-1)).toEqual({ type: "abort" });

  const asked = Promise.withResolvers<AbortSignal | undefined>();
  const never: GuestActions["openShell"] = (_request, { signal }) => {
    asked.resolve(signal);
    return new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true }),
    );
  };
  const waiting = start(60_000, never).join("b");
  const signal = await asked.promise;
  waiting.client.abort();
  await eventually(() => expect(waiting.seen.notes).toEqual(["the shell was closed"]));
  expect(signal?.aborted).toBe(true);
});

test("a client that leaves for good ends a shell that nobody else shows, and no other one", async () => {
  const { join, received } = start();
  const [one, other] = [join("a"), join("a", true)];
  await one.type("x");
  await eventually(() => expect(other.seen.text).toBe("x"));
  one.leaveForGood();
  await other.type("y");
  await eventually(() => expect(other.seen.text).toBe("xy"));
  expect(other.seen.exit).toBeUndefined();
  other.leaveForGood();
  await eventually(() => expect(received.at(-1)).toEqual({ type: "abort" }));
  const late = join("a", true);
  await eventually(() => expect(late.seen.notes).toEqual([notOpen]));
});

test("all clients learn that one of them has ended the shell", async () => {
  const { join } = start();
  const [one, other] = [join("a"), join("a", true)];
  await one.type("x");
  one.client.abort();
  await eventually(() => expect([one.seen.isKilled, other.seen.isKilled]).toEqual([true, true]));
  const ended = join("b");
  await ended.type("q");
  await eventually(() => expect(ended.seen.notes).toContain("ended"));
  expect(ended.seen.isKilled).toBe(false);
});

test("a shell that is cut off says why", async () => {
  const { join, cut } = start();
  const one = join("a");
  await one.type("x");
  cut(new AppError({ code: "guest-action-failed", message: "the guest hung up" }));
  await eventually(() => expect(one.seen.notes).toEqual(["open", "the guest hung up"]));
});
