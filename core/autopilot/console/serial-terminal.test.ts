import { expect, onTestFinished, test } from "vitest";
import { createConsoleReader } from "./console-reader.ts";
import type { Expected } from "./console-view.ts";
import { createSerialTerminal } from "./serial-terminal.ts";

/** A serial console: the test plays the guest. */
function serialConsole() {
  const reader = createConsoleReader();
  const terminal = createSerialTerminal(reader);
  onTestFinished(() => terminal[Symbol.dispose]());
  return {
    ...reader,
    print: async (...pieces: readonly (string | Uint8Array)[]) => {
      for (const piece of pieces) {
        await terminal.write(typeof piece === "string" ? Buffer.from(piece) : piece);
        reader.update(terminal.view());
      }
    },
  };
}

const bytesOf = (text: string) => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
const noise = "x".repeat(70);
const noisyLines = (count: number) => Array.from({ length: count }, (_, at) => `${at} ${noise}\r\n`).join("");

/** The guest prints these, and then a text is waited for. */
test.each<[name: string, printed: readonly (string | Uint8Array)[], wanted: Expected, isFound: boolean]>([
  ["a text in pieces", ["box lo", "gin: "], "login: ", true],
  ["a text byte by byte, in colours", bytesOf("\x1b[1;32mprêt:\x1b[0m \x1b[6nok"), "prêt: ok", true],
  ["a text after carriage returns", ["10%\r50%\rdone"], "done", true],
  ["a text that was overwritten", ["10%\r50%\r"], "10%", false],
  ["a text at a place that the cursor jumps to", ["\x1b[5;10Hlog\x1b[5;13Hin:"], "login:", true],
  ["a text that wraps", [`${"-".repeat(76)}login: `], "login:", true],
  ["a space at the end of a prompt", ["box:~$ "], "$ ", true],
  ["a space that was never printed", ["box:~$"], "$ ", false],
  ["a text behind more rows than are kept", [noisyLines(3000), "login: "], "login: ", true],
  ["a text behind more rows than are kept, at once", [`${noisyLines(3000)}login: `], "login: ", true],
  ["a text on a program's own screen", ["shell", "\x1b[?1049h\x1b[2;2HSetup"], "Setup", true],
  ["a text behind a program's own screen", ["\x1b[?1049hSetup\x1b[?1049l", "done"], "done", true],
])("%s", async (_name, printed, wanted, isFound) => {
  const { print, take } = serialConsole();
  await print(...printed);
  expect(take(wanted) !== undefined).toBe(isFound);
});

test("the same prompt on an erased screen is new, and one that only scrolls is not", async () => {
  const { print, take } = serialConsole();
  await print("$ ");
  expect(take("$ ")).toBeDefined();
  await print("clear\r\n\x1b[H\x1b[J$ ");
  expect(take("$ ")).toBeDefined();
  await print(`\r\n${noisyLines(40)}`);
  expect(take("$ ")).toBeUndefined();
  await print("\x1bc$ ");
  expect(take("$ ")).toBeDefined();
});

test("what was found stays old while more rows come than are kept", async () => {
  const { print, take } = serialConsole();
  await print("login: ");
  expect(take("login: ")).toBeDefined();
  for (let round = 0; round < 5; round += 1) {
    await print(noisyLines(300));
    expect(take("login: ")).toBeUndefined();
  }
  expect(take(`299 ${noise}`)).toBeDefined();
});

/** The echo of a shell's line editor for a line that is longer than the console is wide. */
test.each([
  ["readline", `${"a".repeat(78)} \rbcd`],
  ["a shell that ends its rows by itself", `${"a".repeat(78)}\r\nbcd`],
  ["a plain terminal", `${"a".repeat(78)}bcd`],
])("the echo of a long line by %s is none of the guest's", async (_name, echo) => {
  const { print, take, expectEcho } = serialConsole();
  await print("$ ");
  take("$ ");
  expectEcho(`${"a".repeat(78)}bcd`);
  await print(echo);
  expect(take("abcd") ?? take("bcd")).toBeUndefined();
  await print("\r\nbcd: not found\r\n");
  expect(take("bcd: not found")).toBeDefined();
});

test.each([
  "\x1b[999999999b",
  "\x1b[9999999999999L",
  "\x1b[2147483647@",
  "\x1b[999999999 @",
  "\x1b[999999999'}",
])("a guest that asks for too much by %j costs no time, and its other output is read", async (sequence) => {
  using terminal = createSerialTerminal({ erase: () => {} });
  await terminal.write(Buffer.from(`q${sequence}tc@box`));
  expect(terminal.view().rows[0]?.text).toBe("qtc@box");
});
