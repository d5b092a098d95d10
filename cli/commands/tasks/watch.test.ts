import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { ReadStream } from "node:tty";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeFreshSet } from "../../../core/builder/freshness/test-fresh-set.ts";
import { checkImage } from "../../../core/watch/check-image.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { eventually } from "../../../tests/eventually.ts";
import { watch } from "./watch.ts";

// Only the virtual machines are left out: of the builds, of the checks, and of the saved states.
vi.mock("../../../core/builder/run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));
vi.mock("../../../core/watch/check-image.ts", () => ({ checkImage: vi.fn() }));
vi.mock("../../../core/states/save-image-state.ts", () => ({
  saveImageState: vi.fn(async () => Promise.reject(new Error("none"))),
}));

/** A watch of a set at a terminal, whose guest fails while its guest tools contain "wrong", and takes as long as the test says. */
async function startWatch(options: { readonly json?: boolean } = {}) {
  const made = await makeFreshSet();
  await made.build("setup");
  vi.stubEnv("TINSMITH_HOME", join(made.home, "home"));
  let held: Promise<void> | undefined;
  vi.mocked(checkImage).mockImplementation(async (_archive, _plan, { onSession, onToolsStarted, signal }) => {
    const tools = readFileSync(join(made.folder, "out/tools"), "utf8");
    onSession("a-run", "Run");
    onToolsStarted?.();
    await Promise.race([
      held,
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ]);
    signal.throwIfAborted();
    const failed = {
      outcome: "failed",
      text: "the task failed",
      lines: ["a line"],
      session: "a-run",
    } as const;
    return tools.includes("wrong") ? failed : { outcome: "passed", text: "the task succeeded", lines: [] };
  });
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: vi.fn(() => input) });
  const signal = new AbortController();
  const exit = watch(
    { recipe: made.folder, run: "make test", ...options },
    signal.signal,
    input as unknown as ReadStream,
  );
  exit.catch(() => {});
  onTestFinished(async () => {
    signal.abort(new Error("the test is over"));
    await exit.catch(() => {});
  });
  return {
    ...made,
    exit,
    setRawMode: input.setRawMode,
    interrupt: () => signal.abort(new AppError({ code: "interrupted", message: "interrupted" })),
    press: (key: string) => void input.write(key),
    /** The lines so far, without the ids and times. */
    lines: () =>
      printed
        .trimEnd()
        .replaceAll(/after [\d.]+ m?s/g, "after N s")
        .replaceAll(/session \d{8}[\w-]+/g, "session ID")
        .split("\n"),
    /** Keeps the guest of a check running until the result is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
  };
}

const until = (lines: () => readonly string[], ...last: readonly string[]) =>
  eventually(() => expect(lines().slice(-last.length)).toEqual(last), { timeout: 20_000, interval: 20 });

test("each saved source has a round, a key forces one, the newest change wins, and q quits", {
  timeout: 60_000,
}, async () => {
  const { lines, write, press, hold, exit, setRawMode } = await startWatch();
  await until(lines, "  ok  true verdict after N s: the task succeeded", "  last: ok");
  expect(lines().slice(0, 2)).toEqual([
    "Watch of small (session ID): make test",
    "round 1: start of the watch",
  ]);

  write("src/main.c", "wrong");
  await until(
    lines,
    "round 2: main.c changed",
    expect.stringContaining("  no fast verdict: "),
    "  FAIL  true verdict after N s: the task failed",
    "      a line",
    "      session a-run",
    "  last: ok FAIL",
  );

  const release = hold();
  write("setup.sh", "another setup");
  await eventually(() => expect(vi.mocked(checkImage)).toHaveBeenCalledTimes(3), { timeout: 20_000 });
  write("src/main.c", "correct");
  await until(
    lines,
    "  overtaken by a newer change",
    "round 4: setup.sh, main.c changed",
    expect.stringContaining("no fast verdict"),
  );
  release();
  await until(lines, "  ok  true verdict after N s: the task succeeded", "  last: ok FAIL ok");

  press("r");
  await until(
    lines,
    "round 5: on request",
    expect.stringContaining("no fast verdict"),
    "  ok  true verdict after N s: the task succeeded",
    "  last: ok FAIL ok ok",
  );
  press("q");
  await exit;
  expect(setRawMode.mock.calls).toEqual([[true], [false]]);
});

test("with --json it prints the events and reads no keys; an interrupted watch has not failed, whatever its last verdict was", {
  timeout: 60_000,
}, async () => {
  const { lines, write, press, exit, setRawMode, interrupt } = await startWatch({ json: true });
  const events = () =>
    lines()
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const verdicts = () => events().filter(({ type }) => type === "verdict");
  await eventually(() => expect(verdicts()).toHaveLength(1), { timeout: 20_000 });
  press("q");
  write("src/main.c", "wrong");
  await eventually(
    () => expect(verdicts().at(-1)).toMatchObject({ round: 2, kind: "true", outcome: "failed" }),
    { timeout: 20_000 },
  );
  expect(events().map(({ type }) => type)).toEqual([
    ...["watch-started", "round-started", "no-fast-verdict", "round-session", "round-session", "verdict"],
    ...["round-started", "no-fast-verdict", "round-session", "round-session", "verdict"],
  ]);
  expect(setRawMode).not.toHaveBeenCalled();
  expect(await Promise.race([exit, "it runs"])).toBe("it runs");
  interrupt();
  await exit;
  expect(events().at(-1)).toMatchObject({ type: "watch-ended" });
});
