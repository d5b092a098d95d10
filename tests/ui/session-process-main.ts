import { appendFileSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import type { GuestScript } from "../../cli/support/test-guest.ts";
import { onStopRequest, requestStop } from "../../core/async/process-end.ts";
import { openServedSession, type ServedSession } from "../../core/session/serve/served-session.ts";
import { findPaths } from "../../core/storage/paths.ts";
import type { SessionHappening } from "../../shared/session/session-event.ts";
import { beginRun } from "./scripted-run.ts";
import { startScriptedMachine } from "./scripted-screen.ts";
import type { ScriptedMessage } from "./session-process.ts";

/**
 * The process of a session whose events a test makes: the test sends them as messages, and also the message that ends
 * it. Its guest has a screen, a serial console and a shell that repeat their input, and a file.
 */

const [kind = "", image = ""] = process.argv.slice(2);
const session = kind === "build" ? await beginBuild() : await beginScriptedRun();
await startScriptedMachine(session);
connectSerial();

onStopRequest(() => {
  void (async () => {
    const error = { code: "interrupted", message: "interrupted" } as const;
    session.record(kind === "build" ? { type: "build-failed", error } : { type: "run-failed", error });
    await session[Symbol.asyncDispose]();
    process.exit();
  })();
});
process.on("SIGTERM", () => requestStop({ isForced: false }));
process.on("message", (message: ScriptedMessage) => {
  if ("event" in message) session.record({ time: Date.now(), ...message.event } as SessionHappening);
  process.send?.({ id: session.id }, () => {
    // Without an end to it, and without work for the processor.
    if ("isDeaf" in message) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
});
process.send?.({ id: session.id });

async function beginBuild(): Promise<ServedSession> {
  const title = "Worker image microcore";
  const build = await openServedSession(findPaths(), { title, kind: "build", image });
  const { id, paths } = build;
  build.record({ type: "build-started", title, session: id, folder: paths.folder, output: image });
  build.keepFailed.begin(false, (isWanted) => build.record({ type: "keep-failed", isWanted }));
  return build;
}

async function beginScriptedRun(): Promise<ServedSession> {
  const run = await beginRun(findPaths(), { image });
  const shell: GuestScript["shell"] = async ({ input, print }) => {
    await print("ready ");
    for await (const bytes of input) await print(`<${Buffer.from(bytes)}>`);
    return true;
  };
  run.join({ files: { "/tmp/notes": "text\n" }, shell });
  return run.session;
}

/** Repeats input on the serial console. */
function connectSerial(): void {
  const { serial } = session;
  const { output } = serial;
  const print = (bytes: string) => {
    appendFileSync(output.path, bytes);
    output.grown();
  };
  writeFileSync(output.path, "");
  print("login ");
  const input = new Writable({
    write: (bytes, _encoding, done) => {
      print(`<${bytes}>`);
      done();
    },
  });
  serial.connect({ input, sendBreak: async () => {} });
}
