import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import type { RecordedScript } from "../../../shared/recorder/recorded-step.ts";
import { eventually } from "../../../tests/eventually.ts";
import { readRecording } from "../cast/read-recording.ts";
import { dryRun, isWrong } from "../script/dry-run.ts";
import { scriptOf } from "../script/script-of.ts";
import { createInstallRecorder } from "./install-recorder.ts";

/** A recorder, with a guest and a person, of whom each act takes a tenth of a second of the guest's time. */
function newRecording(onStep?: () => Promise<string | undefined>, look?: () => Promise<void>) {
  const path = join(mkdtempSync(join(tmpdir(), "tinsmith-recorder-")), "install.cast");
  const notes: string[] = [];
  const recorder = createInstallRecorder({
    path,
    title: "test",
    onNote: (text) => notes.push(text),
    look,
    onStep,
  });
  onTestFinished(() => recorder[Symbol.asyncDispose]());
  let time = 0;
  recorder.begin({ now: () => time });
  const pass = (seconds: number) => {
    time += seconds * 1000;
  };
  const print = (text: string) => {
    pass(0.1);
    recorder.output(Buffer.from(text));
  };
  const type = async (line: string, isEchoed = true) => {
    for (const character of line) {
      pass(0.1);
      await recorder.input({ console: "serial", text: character });
      if (isEchoed) print(character);
    }
    pass(0.1);
    await recorder.input({ console: "serial", text: "\r" });
    print("\r\n");
  };
  return { path, recorder, notes, pass, print, type, read: () => readFileSync(path, "utf8") };
}

function stepsIn({ steps }: RecordedScript): readonly InstallStep[] {
  return steps.flatMap((step) => step.steps);
}

test("the script while an installation runs is the one of its file", async () => {
  const { path, recorder, print, type } = newRecording();
  print("box login: ");
  await type("root");
  print("box:~# ");
  await recorder.input({ act: "insert", path: "/isos/second.iso" });
  print("CD found\r\nbox:~# ");
  await type("poweroff");
  recorder.end(true);
  const script = await recorder.script();
  expect(stepsIn(script)).toEqual([
    { wait: "login:" },
    { type: "root" },
    { wait: "box:~#" },
    { insert: "/isos/second.iso" },
    { wait: "box:~#" },
    { type: "poweroff" },
    { wait: "power-off" },
  ]);
  const recording = readRecording(path);
  expect(await scriptOf(recording)).toEqual(script);
  const results = await dryRun(recording, { console: "serial", steps: stepsIn(script) });
  expect(results.filter(isWrong)).toEqual([]);
});

test("a whole line that the guest does not echo is never in the file, and is offered as a secret", async () => {
  const { recorder, print, pass, type, read } = newRecording();
  print("box login: ");
  await type("root");
  print("Password: ");
  for (const text of ["h", "unter2", "\r"]) {
    await recorder.input({ console: "serial", text });
    expect(read()).not.toContain("unter");
    print(text === "\r" ? "\r\n" : "[   12.345678] usb 1-1: h, another device\r\n");
  }
  pass(3);
  print("box:~# ");
  await type("y", false);
  pass(3);
  const script = await recorder.script();
  expect(stepsIn(script).slice(3)).toEqual([
    { type: [{ secret: "SECRET_1" }] },
    { wait: "box:~#" },
    { type: "y" },
  ]);
  expect(read()).not.toContain("hunter2");
});

test("a hidden line that a person says to be no secret is in the file from then on", async () => {
  const { path, recorder, print, pass, type, read } = newRecording();
  print("box login: ");
  await type("root");
  print("Language: ");
  await type("english", false);
  pass(3);
  print("ready");
  const { steps } = await recorder.script();
  const hidden = steps.find((step) => step.hidden !== undefined);
  for await (const shown of recorder.watch(new AbortController().signal))
    if (shown.steps.length === steps.length) break;
  recorder.change({ kind: "no-secret", step: hidden?.id ?? "" });
  expect(stepsIn(await recorder.script()).at(-1)).toEqual({ type: "english" });
  expect(read()).toContain("english");
  expect(stepsIn(await scriptOf(readRecording(path))).at(-1)).toEqual({ type: "english" });
});

test("a process that is killed loses nothing that the guest has echoed", async () => {
  const { path, print, type } = newRecording();
  print("box login: ");
  await type("root");
  print("# ");
  // Its file is read as a killed process would have left it.
  expect(stepsIn(await scriptOf(readRecording(path)))).toEqual([{ wait: "login:" }, { type: "root" }]);
});

test("the input that begins a step waits until there is a checkpoint, and no other does", async () => {
  const made = ["step-1", "step-2", "step-3"];
  let isAllowed = Promise.withResolvers<void>();
  const { recorder, print, type } = newRecording(async () => {
    await isAllowed.promise;
    return made.shift();
  });
  print("box login: ");
  let isDelivered = false;
  const delivery = recorder.input({ console: "serial", text: "r" }).then(() => {
    isDelivered = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDelivered).toBe(false);
  isAllowed.resolve();
  await delivery;
  print("r");
  isAllowed = Promise.withResolvers();
  isAllowed.resolve();
  await type("oot");
  print("# ");
  await type("true");
  const { steps } = await recorder.script();
  expect(steps.map(({ checkpoint }) => checkpoint)).toEqual(["step-1", "step-2"]);
});

test("the screen is looked at before each line that is typed there: a fast person has seen the prompt before the recorder", async () => {
  const columns = 80;
  let shown: string[] = [];
  const { recorder, pass } = newRecording(undefined, async () => {
    pass(0.1);
    recorder.screen({ kind: "text", columns, lines: shown });
    pass(0.1);
  });
  const type = async (line: string) => {
    const above = shown.slice(0, -1);
    for (const character of line) {
      await recorder.input({ console: "screen", text: character });
      shown = [...above, (shown.at(-1) ?? "") + character];
      pass(0.1);
      recorder.screen({ kind: "text", columns, lines: shown });
    }
    pass(0.1);
    await recorder.input({ console: "screen", keys: ["ret"] });
  };
  shown = ["box login: "];
  await type("root");
  shown = [...shown, "box:~# "];
  await type("true");
  shown = [...shown, "box:~# "];
  await type("poweroff");
  expect(stepsIn(await recorder.script())).toEqual([
    ...[{ wait: "login:" }, { type: "root" }],
    ...[{ wait: "box:~#" }, { type: "true" }],
    ...[{ wait: "box:~#" }, { type: "poweroff" }],
  ]);
});

test("a click on a screen that shows text is left out: it gives the keys of a window to the guest", async () => {
  const { recorder, print, type } = newRecording();
  recorder.screen({ kind: "text", columns: 80, lines: ["box login:"] });
  await recorder.input({ act: "click", x: 1, y: 2 });
  print("# ");
  await type("startx");
  recorder.screen({ kind: "graphics" });
  await recorder.input({ act: "click", x: 3, y: 4 });
  expect(stepsIn(await recorder.script()).filter(({ click }) => click)).toEqual([{ click: [3, 4] }]);
});

test("when the guest goes back to a checkpoint, the steps after it are gone, and new ones follow", async () => {
  const { path, recorder, print, type } = newRecording();
  print("box login: ");
  await type("root");
  const restore = await recorder.remember();
  print("# ");
  await type("wrong");
  await restore();
  print("# ");
  await type("right");
  const script = await recorder.script();
  expect(stepsIn(script)).toEqual([{ wait: "login:" }, { type: "root" }, { wait: "# " }, { type: "right" }]);
  expect(await scriptOf(readRecording(path))).toEqual(script);
});

test("a person's changes of the steps are in the file, and each wait is checked again", async () => {
  const { path, recorder, print, type } = newRecording();
  print("login: is not possible yet\r\nbox login: ");
  await type("root");
  const [step] = (await recorder.script()).steps;
  const choose = async (wait: string) => {
    recorder.change({ kind: "wait", step: step?.id ?? "", wait });
    return (await recorder.script()).steps[0];
  };
  expect(await choose("Password:")).toMatchObject({ wait: "Password:", verdict: { kind: "never" } });
  expect(await choose("login:")).toMatchObject({
    ...{ wait: "login:", verdict: { kind: "ok" } },
    steps: [{ wait: "yet" }, { wait: "login:" }, { type: "root" }],
  });
  recorder.change({ kind: "remove", step: step?.id ?? "" });
  expect((await recorder.script()).steps[0]).toMatchObject({ isRemoved: true });
  expect((await scriptOf(readRecording(path))).steps[0]).toMatchObject({ isRemoved: true, wait: "login:" });
});

test("the steps are told soon after each input", async () => {
  const { recorder, print, type } = newRecording();
  const seen: number[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  void (async () => {
    for await (const { steps } of recorder.watch(stop.signal)) seen.push(steps.length);
  })();
  print("box login: ");
  await type("root");
  await eventually(() => expect(seen.at(-1)).toBe(1));
  print("# ");
  await type("true");
  await eventually(() => expect(seen.at(-1)).toBe(2));
});
