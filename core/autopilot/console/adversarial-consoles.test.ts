import { expect, onTestFinished, test } from "vitest";
import { createConsoleReader } from "./console-reader.ts";
import type { Expected } from "./console-view.ts";
import { createSerialTerminal } from "./serial-terminal.ts";

type Act =
  | readonly ["print", string]
  | readonly ["type", string]
  | readonly ["finds", Expected]
  | readonly ["misses", Expected];

const kernel = (text: string) => `[   12.345678] ${text}\r\n`;
const noisy = (count: number) =>
  Array.from({ length: count }, (_, at) => `${at} ${"x".repeat(70)}\r\n`).join("");
const long = `echo ${"a".repeat(90)} installed`;

/** Consoles that make a wait match too early, or not at all. */
const consoles: readonly (readonly [name: string, acts: readonly Act[]])[] = [
  [
    "the echo of a line that contains the awaited text",
    [
      ["print", "$ "],
      ["finds", "$ "],
      ["type", "make && echo done"],
      ["print", "make && echo done\r\n"],
      ["misses", "done"],
      ["print", "cc main.c\r\ndone\r\n$ "],
      ["finds", "done"],
      ["finds", "$ "],
    ],
  ],
  [
    "an echo that wraps at 80 columns, as a terminal shows it",
    [
      ["print", "box:~$ "],
      ["finds", "$ "],
      ["type", long],
      ["print", long],
      ["misses", "installed"],
      ["print", "\r\ninstalled\r\n"],
      ["finds", "installed"],
    ],
  ],
  [
    "an echo that a line editor wraps by itself",
    [
      ["print", "box:~$ "],
      ["finds", "$ "],
      ["type", long],
      ["print", `${long.slice(0, 73)} \r${long.slice(73)}`],
      ["misses", "installed"],
    ],
  ],
  [
    "an echo with a kernel message in its middle",
    [
      ["print", "$ "],
      ["finds", "$ "],
      ["type", "mkfs /dev/sda1 && echo done"],
      ["print", `mkfs /dev/sda1${kernel("sda: sda1")} && echo done\r\n`],
      ["misses", "done"],
      ["finds", "sda: sda1"],
      ["print", "done\r\n"],
      ["finds", "done"],
    ],
  ],
  [
    "a prompt with kernel messages in its middle",
    [
      ["print", `box log${kernel("usb 1-1: new device").repeat(9)}in: `],
      ["finds", "box login: "],
    ],
  ],
  [
    "a prompt in pieces, with kernel messages between them",
    [
      ["print", "box log"],
      ["misses", "login: "],
      ["print", kernel("usb 1-1: new device").repeat(9)],
      ["misses", "login: "],
      ["print", "in: "],
      ["finds", "login: "],
    ],
  ],
  [
    "colours within a word",
    [
      ["print", "\x1b[1;31mlo\x1b[0;32mgin\x1b[0m\x1b[K: "],
      ["finds", "login: "],
    ],
  ],
  [
    "a screen that is drawn from its bottom to its top",
    [
      ["print", "\x1b[2J\x1b[12;30H<Continue>\x1b[3;30HPartition disks"],
      ["misses", "Partition disks <Continue>"],
      ["finds", "Partition disks"],
      ["finds", "<Continue>"],
    ],
  ],
  [
    "a dialog over a dialog, whose button stays",
    [
      ["print", "\x1b[2J\x1b[3;30HHostname\x1b[12;30H<Continue>"],
      ["finds", "<Continue>"],
      ["print", "\x1b[3;30HPassword"],
      ["misses", "<Continue>"],
      ["finds", "Password"],
    ],
  ],
  [
    "a prompt that another line overwrites",
    [
      ["print", "Waiting for network... 10%\rWaiting for network... 90%"],
      ["misses", "10%"],
      ["finds", "90%"],
      ["misses", "Waiting"],
    ],
  ],
  [
    "characters of several bytes",
    [
      ["print", "Gerät bereit — weiter? "],
      ["finds", "Gerät bereit — weiter? "],
    ],
  ],
  [
    "lines for which a pattern has more ways to match than there are atoms",
    [
      ["print", `${"a".repeat(70)}b\r\n`.repeat(20)],
      ["misses", { match: "(a+)+$" }],
      ["misses", { match: "(a|aa)+\\n!" }],
      ["misses", { match: "(.*)*!" }],
      ["print", "aaa!"],
      ["finds", { match: "(.*)*!" }],
    ],
  ],
  [
    "the same prompt twice",
    [
      ["print", "# "],
      ["finds", "# "],
      ["type", "true"],
      ["misses", "# "],
      ["print", "true\r\n"],
      ["misses", "# "],
      ["print", "# "],
      ["finds", "# "],
      ["misses", "# "],
    ],
  ],
  [
    "a password, which is not echoed, at a prompt that comes again",
    [
      ["print", "$ "],
      ["finds", "$ "],
      ["type", "sudo reboot"],
      ["print", "sudo reboot\r\n[sudo] password for tc: "],
      ["finds", { match: String.raw`password for \w+: ` }],
      ["type", "tc"],
      ["print", "\r\nSorry, try again.\r\n[sudo] password for tc: "],
      ["finds", "Sorry"],
      ["finds", "password for tc: "],
    ],
  ],
  [
    "a prompt between a lot of noise",
    [
      ["print", `${noisy(1500)}login: ${noisy(1500)}`],
      ["misses", "password: "],
      ["print", "\r\npassword: "],
      ["finds", "password: "],
    ],
  ],
  [
    "a bell, tabs, backspaces and null bytes",
    [
      ["print", "\x07user\tnamx\be:\0 "],
      ["finds", "name: "],
    ],
  ],
  [
    "a title and a query in the middle of a prompt",
    [
      ["print", "log\x1b]0;box: ~\x07in\x1b[6n: "],
      ["finds", "login: "],
    ],
  ],
];

function* wholly(text: string) {
  yield Buffer.from(text);
}
function* byBytes(text: string) {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}
function* inPieces(text: string) {
  const bytes = Buffer.from(text);
  // Of lengths that share no divisor with characters, rows or blocks.
  for (let start = 0, length = 1; start < bytes.length; start += length, length = (length * 7) % 23)
    yield bytes.subarray(start, start + length);
}

test.each(
  consoles.flatMap(([name, acts]) => [
    [name, "at once", acts, wholly] as const,
    [name, "in pieces", acts, inPieces] as const,
    [name, "byte by byte", acts, byBytes] as const,
  ]),
)("%s, %s", async (_name, _how, acts, pieces) => {
  const reader = createConsoleReader();
  const terminal = createSerialTerminal(reader);
  onTestFinished(() => terminal[Symbol.dispose]());
  for (const [act, what] of acts) {
    if (act === "type") reader.expectEcho(what);
    else if (act !== "print")
      expect([what, reader.take(what) !== undefined]).toEqual([what, act === "finds"]);
    // Whole noise in single bytes says nothing that the other cases don't say.
    else
      for (const piece of (what.length > 10_000 ? wholly : pieces)(what))
        await terminal.write(piece, () => reader.update(terminal.view()));
  }
});

test("a text in 1 MB of noise is found while it is shown, in a time in which the guest can print it", async () => {
  const reader = createConsoleReader();
  const terminal = createSerialTerminal(reader);
  onTestFinished(() => terminal[Symbol.dispose]());
  const found: string[] = [];
  const noise = "y\r\n".repeat(175_000);
  const began = performance.now();
  for (const text of [noise, "login: ", noise])
    await terminal.write(Buffer.from(text), () => {
      reader.update(terminal.view());
      const taken = reader.take("login: ");
      if (taken !== undefined) found.push(taken);
    });
  expect(found).toEqual(["login: "]);
  // Usually 0.4 s; a busy host takes longer.
  expect(performance.now() - began).toBeLessThan(10_000);
});
