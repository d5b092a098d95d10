import { expect, test } from "vitest";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { dryRun, isWrong } from "./dry-run.ts";
import { scriptOf } from "./script-of.ts";
import { recordingOf, type TestGuestRecording } from "./test-recording.ts";

const recordings: readonly (readonly [
  name: string,
  make: (guest: TestGuestRecording) => void,
  steps: readonly InstallStep[],
])[] = [
  [
    "an installer at the screen, then the serial console, whose prompt was there before",
    ({ print, screen, press, type, pass }) => {
      print("Welcome\r\nbox:~$ ");
      screen("box:~$");
      for (const character of "go") press({ console: "screen", text: character });
      screen("box:~$ go");
      press({ console: "screen", keys: ["ret"] });
      screen("box:~$ go", "Copying");
      pass(60);
      screen("box:~$ go", "Copying", "Installed on /dev/vda");
      type("sudo reboot");
      print("box:~$ ");
      type("exit");
    },
    [
      { screen: "box:~$" },
      ...["g", "o", "ret"].map((key) => ({ press: [key] })),
      { screen: "Installed", timeout: 330 },
      { wait: "box:~$" },
      { type: "sudo reboot" },
      { wait: "box:~$" },
      { type: "exit" },
    ],
  ],
  [
    "the serial console, keys at the screen, and the serial console again",
    ({ print, screen, press, type }) => {
      print("box:~$ ");
      type("setup");
      print("Copying\r\nbox:~$ ");
      screen("Press a key");
      press({ console: "screen", keys: ["f2"] });
      screen("Thank you");
      print("Settled\r\nbox:~$ ");
      type("exit");
    },
    [
      { wait: "box:~$" },
      { type: "setup" },
      { wait: "box:~$" },
      { screen: "key" },
      { press: ["f2"] },
      { screen: "you" },
      { wait: "box:~$" },
      { type: "exit" },
    ],
  ],
  [
    "a CD at the screen, beside a serial console that nobody uses",
    ({ print, screen, press }) => {
      print("box login: ");
      screen("Choose");
      press({ console: "screen", keys: ["f2"] });
      screen("Insert the second CD");
      press({ act: "insert", path: "/isos/second.iso" });
    },
    [{ wait: "Choose" }, { keys: "<f2>" }, { wait: "second CD" }, { insert: "/isos/second.iso" }],
  ],
  [
    "a line that was typed ahead, then lines at prompts",
    ({ print, type }) => {
      print("box:~$ ");
      type("make");
      type("ls");
      print("box:~$ bin etc\r\nRead about commands.\r\nbox:~$ ");
      for (const line of ["cd bin", "true", "exit"]) {
        type(line);
        print("box:~$ ");
      }
    },
    [
      { wait: "box:~$" },
      { type: "make" },
      { type: "ls" },
      { wait: "commands." },
      { wait: "box:~$" },
      { type: "cd bin" },
      { wait: "box:~$" },
      { type: "true" },
      { wait: "box:~$" },
      { type: "exit" },
    ],
  ],
  [
    "lines that were pasted and print nothing, then lines at prompts",
    ({ print, press, type }) => {
      print("box:~$ ");
      press({ console: "serial", text: "\x1b[200~cd /\rtrue\rcd bin\r\x1b[201~" });
      print("cd /\r\nbox:~$ true\r\nbox:~$ cd bin\r\nbox:~$ ");
      for (const line of ["ls", "exit"]) {
        type(line);
        print("box:~$ ");
      }
    },
    [
      { wait: "box:~$" },
      { type: "cd /" },
      { type: "true" },
      { type: "cd bin" },
      { wait: "box:~$" },
      { wait: "box:~$" },
      { wait: "box:~$" },
      { type: "ls" },
      { wait: "box:~$" },
      { type: "exit" },
    ],
  ],
];

test.each(recordings)("%s: the steps that are proposed", async (_name, make, wanted) => {
  const { steps } = await scriptOf(recordingOf(make));
  expect(steps.flatMap((step) => step.steps)).toEqual(wanted);
});

test.each(recordings)(
  "%s: none of their waits is wrong in a dry run, which marks the lines that have none",
  async (_name, make) => {
    const recording = recordingOf(make);
    const { console, steps } = await scriptOf(recording);
    const results = await dryRun(recording, { console, steps: steps.flatMap((step) => step.steps) });
    expect(results.filter((one) => isWrong(one))).toEqual([]);
    expect(results.filter(({ verdict, at }) => !verdict && at === undefined)).toEqual([]);
    expect(steps.filter(({ verdict }) => verdict && verdict.kind !== "ok")).toEqual([]);
    const unguarded = steps.filter(({ problem }) => problem !== undefined);
    expect(results.flatMap(({ step, unguarded }) => (unguarded ? [step] : []))).toEqual(
      unguarded.flatMap((step) => step.steps),
    );
  },
);

test("a step at the other console is marked when nothing came since the last input", async () => {
  const { steps } = await scriptOf(
    recordingOf(({ print, screen, press, type }) => {
      print("box:~$ ");
      screen("Press a key");
      press({ console: "screen", keys: ["f2"] });
      type("exit");
    }),
  );
  expect(steps.at(-1)).toMatchObject({
    wait: "box:~$",
    problem: expect.stringContaining("was there before the last input"),
  });
});

test("a wait that a person has chosen comes behind another one if it takes two, and behind that on the console that was left", async () => {
  const recording = recordingOf(({ print, screen, press, type }) => {
    print("box:~$ ");
    type("make");
    type("ls");
    screen("Press a key");
    press({ console: "screen", keys: ["f2"] });
    screen("Thank you");
    print("box:~$ bin etc\r\nRead about commands.\r\nbox:~$ ");
    type("exit");
  });
  const { id: step = "" } = (await scriptOf(recording)).steps.at(-1) ?? {};
  const chosen = async (wait?: string) =>
    (await scriptOf(recording, [{ kind: "wait", step, ...(wait !== undefined && { wait }) }])).steps.at(-1);
  const typed = { type: "exit" };
  const screen = { screen: "you" };
  expect(await chosen("commands.")).toMatchObject({ steps: [screen, { wait: "commands." }, typed] });
  expect(await chosen("$ ")).toMatchObject({
    steps: [screen, { wait: "commands." }, { wait: "$ " }, typed],
    verdict: { kind: "ok" },
  });
  expect(await chosen("none")).toMatchObject({
    steps: [screen, { wait: "none" }, typed],
    verdict: { kind: "never" },
  });
  expect(await chosen()).toMatchObject({ steps: [typed] });
});
