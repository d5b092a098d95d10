import { expect, test } from "vitest";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { dryRun, isWrong } from "./dry-run.ts";
import { scriptOf } from "./script-of.ts";
import { recordingOf, type TestGuestRecording } from "./test-recording.ts";

const kernel = "[   12.345678] usb 1-1: new device\r\n";
const long = `echo ${"a".repeat(90)} installed`;
const noise = Array.from({ length: 1000 }, (_, at) => `${at} ${"n".repeat(60)}\r\n`).join("");

/** A menu that is drawn by cursor addressing. */
function menu(title: string, chosen: string): string {
  return `\x1b[2J\x1b[3;10H${title}\x1b[5;12H${chosen}\x1b[12;30H<Continue>`;
}

const consoles: readonly (readonly [
  name: string,
  make: (guest: TestGuestRecording) => void,
  steps: readonly InstallStep[],
])[] = [
  [
    "a login and a command",
    ({ print, type, off }) => {
      print("Welcome\r\nbox login: ");
      type("root");
      print("Last login: never on tty1\r\nroot@box:~# ");
      type("setup-disk /dev/vda");
      print("Working...\r\nInstallation is complete\r\nroot@box:~# ");
      type("poweroff");
      off();
    },
    [
      { wait: "login:" },
      { type: "root" },
      { wait: "root@box:~#" },
      { type: "setup-disk /dev/vda" },
      { wait: "root@box:~#" },
      { type: "poweroff" },
      { wait: "power-off" },
    ],
  ],
  [
    "a prompt whose words came before",
    ({ print, type }) => {
      print("Type login: to begin\r\nbox ready\r\nbox login: ");
      type("root");
    },
    [{ wait: "box login:" }, { type: "root" }],
  ],
  [
    "an echo that wraps at 80 columns",
    ({ print, type }) => {
      print("box:~$ ");
      type(long);
      print(`${"a".repeat(90)} installed\r\nbox:~$ `);
      type("true");
    },
    [{ wait: "box:~$" }, { type: long }, { wait: "box:~$" }, { type: "true" }],
  ],
  [
    "kernel messages in the middle of the prompt and of the echo",
    ({ print, type }) => {
      print(`box lo${kernel}gin: `);
      type("root", (character) => (character === "o" ? `o${kernel}` : character));
      print("box:~# ");
      type("true");
    },
    [{ wait: "login:" }, { type: "root" }, { wait: "box:~#" }, { type: "true" }],
  ],
  [
    "colours, and a character whose bytes came in two pieces",
    ({ print, type }) => {
      print("\x1b[1;32mMöchten\x1b[0m Sie weiter ");
      print("\x1b[31mmachen\x1b[0m? ");
      type("ja");
    },
    [{ wait: "machen?" }, { type: "ja" }],
  ],
  [
    "menus that are drawn by cursor addressing",
    ({ print, press }) => {
      print(menu("Choose a language", "English"));
      press({ console: "serial", text: "\x1b[B" });
      print("\x1b[5;12HDeutsch");
      press({ console: "serial", text: "\r" });
      print(menu("Choose a disk", "vda"));
      press({ console: "serial", text: "\t" });
      press({ console: "serial", text: "\r" });
    },
    [
      { wait: "<Continue>" },
      { keys: "<down>" },
      { wait: "Deutsch" },
      { keys: "<ret>" },
      { wait: "<Continue>" },
      { keys: "<tab><ret>" },
    ],
  ],
  [
    "a menu of letters without Return",
    ({ print, press, type }) => {
      print("\r\nWhich disk?\r\n a) first\r\n b) second\r\nYour choice ");
      press({ console: "serial", text: "a" });
      print("\r\nErase it? ");
      type("yes");
    },
    [{ wait: "choice" }, { keys: "a" }, { wait: "Erase it?" }, { type: "yes" }],
  ],
  [
    "a password that is hidden, at sudo",
    ({ print, type, hidden }) => {
      print("$ ");
      type("sudo reboot");
      print("[sudo] password for tc: ");
      hidden("SECRET_1");
      print("\r\nThe system will reboot\r\n");
    },
    [{ wait: "$ " }, { type: "sudo reboot" }, { wait: "for tc:" }, { type: [{ secret: "SECRET_1" }] }],
  ],
  [
    "a line that was corrected, and pasted lines",
    ({ print, press }) => {
      print("ready> ");
      press({ console: "serial", text: "lz" });
      print("lz");
      press({ console: "serial", text: "\x7f" });
      print("\b \b");
      press({ console: "serial", text: "s\r" });
      print("s\r\nready> ");
      press({ console: "serial", text: "\x1b[200~one\rtwo\r\x1b[201~" });
      print("one\r\nready> two\r\nready> ");
    },
    [{ wait: "ready>" }, { type: "ls" }, { wait: "ready>" }, { type: "one" }, { type: "two" }],
  ],
  [
    "1 MB of noise between prompts",
    ({ print, type }) => {
      for (const prompt of ["first:", "second:"]) {
        for (let round = 0; round < 8; round += 1) print(noise);
        print(prompt);
        type("x");
      }
    },
    [{ wait: "first:" }, { type: "x" }, { wait: "second:" }, { type: "x" }],
  ],
  [
    "a prompt of one sign behind output with that sign",
    ({ print, type }) => {
      print("### Welcome ###\r\n# comment\r\n/ # ");
      type("ls");
      print("bin etc\r\n/ # ");
      type("true");
    },
    [{ wait: { match: "\\S+ # " } }, { type: "ls" }, { wait: "# " }, { type: "true" }],
  ],
  [
    "only numbers",
    ({ print, type }) => {
      print("1 2 3\r\n4? ");
      type("x");
    },
    [{ wait: { match: "\\d+\\? " } }, { type: "x" }],
  ],
  [
    "a boot menu on the screen, then the serial console",
    ({ screen, press, print, type }) => {
      screen("ISOLINUX 6.04", "boot:");
      for (const character of " tty=1") press({ console: "screen", text: character });
      screen("ISOLINUX 6.04", "boot: tty=1");
      press({ console: "screen", keys: ["ret"] });
      print("box login: ");
      type("root");
    },
    [
      { screen: "boot:" },
      ...["spc", "t", "t", "y", "equal", "1", "ret"].map((key) => ({ press: [key] })),
      { wait: "login:" },
      { type: "root" },
    ],
  ],
  [
    "the screen alone, with a CD and keys that are pressed together",
    ({ screen, press }) => {
      screen("Insert the second CD");
      press({ act: "insert", path: "/isos/second.iso" });
      screen("Insert the second CD", "Found it. Login:");
      for (const character of "root") press({ console: "screen", text: character });
      press({ console: "screen", keys: ["ret"] });
      screen("Insert the second CD", "Found it. Login: root", "Ready");
      press({ console: "screen", keys: ["ctrl", "alt", "f2"] });
    },
    [
      { wait: "second CD" },
      { insert: "/isos/second.iso" },
      { wait: "Login:" },
      { type: "root" },
      { wait: "Ready" },
      { press: ["ctrl", "alt", "f2"] },
    ],
  ],
];

test.each(consoles)("%s: the steps that are proposed", async (_name, make, wanted) => {
  const { steps } = await scriptOf(recordingOf(make));
  expect(steps.flatMap((step) => step.steps)).toEqual(wanted);
});

test.each(consoles)("%s: none of their waits is wrong in a dry run", async (_name, make) => {
  const recording = recordingOf(make);
  const { console, steps } = await scriptOf(recording);
  const results = await dryRun(recording, { console, steps: steps.flatMap((step) => step.steps) });
  expect(results.filter((one) => isWrong(one))).toEqual([]);
  expect(results.filter(({ verdict, at }) => !verdict && at === undefined)).toEqual([]);
  expect(steps.filter(({ verdict }) => verdict && verdict.kind !== "ok")).toEqual([]);
});

test("a CD of files that a person has uploaded is marked: no recipe finds them", async () => {
  const { steps } = await scriptOf(
    recordingOf(({ print, press }) => {
      print("Insert the second CD");
      press({ act: "insert", path: "one.txt, two.txt" });
    }),
  );
  expect(steps).toMatchObject([
    { problem: expect.stringContaining("put them into a folder of the image set") },
  ]);
});
