import fc from "fast-check";
import { expect, test } from "vitest";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { describeVerdict } from "../../../shared/recorder/recorded-step.ts";
import { dryRun, isWrong } from "./dry-run.ts";
import { scriptOf } from "./script-of.ts";
import { recordingOf } from "./test-recording.ts";

const install = recordingOf(({ print, type, hidden, off, pass }) => {
  print("Booting\r\nlogin: is not possible yet\r\n");
  pass(3);
  print("box login: ");
  type("root");
  print("Password: ");
  hidden("SECRET_1");
  print("\r\nLast login: never\r\nroot@box:~# ");
  type("setup-disk /dev/vda");
  print("Formatting\r\nInstallation is complete\r\nroot@box:~# ");
  type("poweroff");
  off();
});

const right: readonly InstallStep[] = [
  { wait: "box login:" },
  { type: "root" },
  { wait: "Password:" },
  { type: [{ secret: "PASSWORD" }] },
  { wait: "# " },
  { type: ["setup-disk ", { variable: "DISK" }] },
  { wait: "complete" },
  { wait: "# " },
  { type: "poweroff" },
  { wait: "power-off" },
];
const variables = { DISK: "/dev/vda" };

/** The results of a dry run, a text a step. */
async function resultsOf(steps: readonly InstallStep[]): Promise<readonly string[]> {
  const results = await dryRun(install, { console: "serial", steps, variables });
  return results.map(({ verdict, at }) =>
    verdict ? describeVerdict(verdict) : at ? "recorded" : "not recorded",
  );
}

test("the right waits match before the inputs, which are those that were recorded", async () => {
  const results = await resultsOf(right);
  expect(results.every((result) => /^matches|^recorded/.test(result))).toBe(true);
  expect(results).toHaveLength(right.length);
});

test.each<[name: string, index: number, step: InstallStep, result: RegExp]>([
  ["a text that comes before the prompt, too", 0, { wait: "login:" }, /^would match too early, at 0\.1 s$/],
  ["a pattern that does", 0, { wait: { match: "login: \\w?" } }, /^would match too early, at 0\.1 s$/],
  ["a text that never comes", 2, { wait: "Passwort:" }, /^would never match; .* is "Password:"$/],
  ["a text that only comes behind the input", 4, { wait: "Formatting" }, /^would never match/],
  ["the echo of what is typed", 6, { wait: "setup-disk" }, /^would never match/],
  ["a line that was not typed", 1, { type: "admin" }, /^not recorded$/],
])("%s is found", async (_name, index, step, result) => {
  const results = await resultsOf(right.with(index, step));
  expect(results[index]).toMatch(result);
});

test("a wait that is missing lets the next one match too early", async () => {
  const steps: readonly InstallStep[] = [
    { wait: "box login:" },
    { type: "root" },
    { type: [{ secret: "PASSWORD" }] },
    { wait: "Password:" },
    { type: "setup-disk /dev/vda" },
  ];
  expect((await resultsOf(steps))[3]).toMatch(/^would match too early/);
});

/** The recording of a line at the screen and of one at the serial console, whose prompt was there all the time. */
const mixed = recordingOf(({ print, screen, press, type, pass }) => {
  print("box:~$ ");
  screen("box:~$");
  for (const character of "go") press({ console: "screen", text: character });
  screen("box:~$ go");
  press({ console: "screen", keys: ["ret"] });
  pass(60);
  screen("box:~$ go", "Installed on /dev/vda");
  type("reboot");
});
const go: readonly InstallStep[] = ["g", "o", "ret"].map((key) => ({ press: [key] }));
const region: InstallStep = { region: "next.png" };

test.each<[name: string, steps: readonly InstallStep[], unguarded: readonly unknown[]]>([
  ["each line has a wait", [{ screen: "$" }, ...go, { screen: "Installed" }, { type: "reboot" }], []],
  ["a line has none", [{ screen: "$" }, ...go, { type: "reboot" }], [[5, { after: 4, hasOldWait: false }]]],
  [
    "a line has one for a text that was there before",
    [{ screen: "$" }, ...go, { wait: "$" }, { type: "reboot" }],
    [[6, { after: 4, hasOldWait: true }]],
  ],
  ["a line has two", [...go, { wait: "$" }, { screen: "Installed" }, { type: "reboot" }], []],
  ["a line waits for a picture", [...go, region, { type: "reboot" }], []],
  ["the first line has none", [{ type: "reboot" }], [[1, { after: undefined, hasOldWait: false }]]],
  [
    "keys begin a line behind another",
    [{ wait: "$" }, { type: "reboot" }, { keys: "y<ret>" }, { press: ["ret"] }],
    [
      [3, { after: 2, hasOldWait: false }],
      [4, { after: 3, hasOldWait: false }],
    ],
  ],
])("lines that no wait holds back are marked: %s", async (_name, steps, unguarded) => {
  const results = await dryRun(mixed, { console: "serial", steps });
  expect(results.flatMap((one, index) => (one.unguarded ? [[index + 1, one.unguarded]] : []))).toEqual(
    unguarded,
  );
});

/** Parts of which guests print some, in any order. */
const printed = [
  "Welcome\r\n",
  "login: ",
  "box login: ",
  "Password: ",
  "# ",
  "$ ",
  "root@box:~# ",
  "[   12.345678] usb 1-1: new device\r\n",
  "\x1b[1;32mOK\x1b[0m\r\n",
  "10%\r90%\r",
  "\x1b[2J\x1b[3;10HPartition disks\x1b[12;30H<Continue>",
  "\x1b[H\x1b[J",
  "\r\n",
  "Gerät bereit? ",
  `${"n".repeat(100)}\r\n`,
  "Installation is complete\r\n",
];

test("no proposed wait is wrong in a dry run, whatever the guest prints", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          prints: fc.array(fc.constantFrom(...printed), { maxLength: 6 }),
          types: fc.constantFrom("root", "yes", "setup-disk", "true", "", `echo ${"a".repeat(90)}`),
          isEchoed: fc.boolean(),
          shows: fc.array(fc.constantFrom("box:~$", "Installed", "", "Press a key"), { maxLength: 4 }),
          presses: fc.constantFrom<readonly string[]>([], [], ["ret"], ["y", "ret"]),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (rounds) => {
        const recording = recordingOf(({ print, type, screen, press }) => {
          for (const { prints, types, isEchoed, shows, presses } of rounds) {
            for (const text of prints) print(text);
            if (shows.length > 0) screen(...shows);
            for (const key of presses) press({ console: "screen", keys: [key] });
            type(types, isEchoed ? undefined : () => "");
          }
        });
        const { console, steps } = await scriptOf(recording);
        const results = await dryRun(recording, { console, steps: steps.flatMap((step) => step.steps) });
        expect(results.filter(isWrong)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
