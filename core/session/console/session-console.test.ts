import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { createSessionConsole } from "./session-console.ts";

/** A console with a serial port. */
function newConsole() {
  const path = join(mkdtempSync(join(tmpdir(), "tinsmith-console-")), "serial.log");
  const console = createSessionConsole(path);
  onTestFinished(() => console.output.end());
  const input = new PassThrough();
  console.connect({ input, sendBreak: async () => {} });
  return { console, passedOn: () => String(input.read() ?? "") };
}

test("an observer has what is typed before the guest gets it, in whole characters", async () => {
  const { console, passedOn } = newConsole();
  const seen: string[] = [];
  const ready = Promise.withResolvers<void>();
  const observed = console.observe(async (text) => {
    seen.push(text);
    await ready.promise;
  });
  const [first, second] = [Buffer.from("ü").subarray(0, 1), Buffer.from("ü").subarray(1)];
  await console.type(first);
  const typing = console.type(second);
  await new Promise((resolve) => setImmediate(resolve));
  expect([seen, passedOn()]).toEqual([["ü"], expect.not.stringContaining("ü")]);
  ready.resolve();
  await typing;
  observed[Symbol.dispose]();
  await console.type(Buffer.from("more"));
  expect(seen).toEqual(["ü"]);
  expect(passedOn()).toContain("more");
});
