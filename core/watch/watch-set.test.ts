import { EventEmitter, once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makePlan } from "../../shared/contracts/plan.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { Verdict, WatchEvent } from "../../shared/watch/watch.ts";
import { eventually } from "../../tests/eventually.ts";
import { describeSession } from "../app/sessions/session-summary.ts";
import { buildingRecipe, makeFreshSet, script } from "../builder/freshness/test-fresh-set.ts";
import { lockOutput } from "../builder/output-archive.ts";
import { runGuest } from "../builder/run-guest.ts";
import type { RoundControl } from "../session/live/live-rounds.ts";
import { roundOf } from "../session-record/round-mark.ts";
import { StateFailure } from "../states/state-failure.ts";
import { checkImage } from "./check-image.ts";
import { watchSources } from "./source-watch.ts";
import { createWarmBase, type WarmState } from "./warm-base.ts";
import { watchSet } from "./watch-set.ts";

// Only the virtual machines are left out.
vi.mock("../builder/run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));
vi.mock("./check-image.ts", () => ({ checkImage: vi.fn() }));
vi.mock(import("./source-watch.ts"), { spy: true });
vi.mock(import("./warm-base.ts"), async (importOriginal) => ({
  ...(await importOriginal()),
  createWarmBase: vi.fn(),
}));

const passed: Verdict = { outcome: "passed", text: "the task succeeded", lines: [] };
const patience = { timeout: 20_000, interval: 20 };

/** A watch of a set, with a saved state of its worker image or without. */
async function startWatch({ hasState = false, isHeld = false, recipe = buildingRecipe } = {}) {
  const made = await makeFreshSet(recipe);
  const { home, folder, programs, paths } = made;
  const compiler = join(programs, "compile");
  writeFileSync(
    compiler,
    script(
      `echo compiled >>${home}/compiled; grep -q wrong src/main.c && { echo "main.c:1: wrong"; exit 1; }; cat src/* >out/tools`,
    ),
  );
  await made.build("setup");
  const isGuestHeld = isHeld ? holdNextGuest() : undefined;
  const base = {
    find: vi.fn(async () => (hasState ? ({} as WarmState) : { reason: "there is none" })),
    save: vi.fn(),
    drop: vi.fn(async () => {
      hasState = false;
    }),
    [Symbol.asyncDispose]: async () => {},
  };
  vi.mocked(createWarmBase).mockReturnValue(base);
  vi.mocked(checkImage).mockImplementation(
    async (_archive, _plan, { newTools, onSession, onToolsStarted }) => {
      await newTools?.programs;
      onSession("a-run", "Run");
      onToolsStarted?.();
      return passed;
    },
  );
  const events: WatchEvent[] = [];
  const stop = new AbortController();
  let control: RoundControl | undefined;
  const watching = watchSet(makePlan({ kind: "watch", folder }), {
    ...{ paths, signal: stop.signal, onEvent: (event: WatchEvent) => void events.push(event) },
    onRounds: (rounds) => {
      control = rounds;
    },
  });
  watching.catch(() => {});
  onTestFinished(async () => {
    stop.abort();
    await watching.catch(() => {});
  });
  const of = (round: number) => events.filter((event) => "round" in event && event.round === round);
  return {
    ...made,
    ...{ base, events, of, isGuestHeld },
    force: () => control?.force(),
    /** Ends it as a person does. */
    quit: async () => {
      stop.abort(new AppError({ code: "interrupted", message: "interrupted" }));
      await watching;
    },
    watching,
    /** The summary of the build of a round, or of the watch itself. */
    summary: (round?: number) => {
      const build = of(round ?? 0).find((event) => event.type === "round-session");
      const own = events.find((event) => event.type === "watch-started");
      const id = round === undefined ? own?.session : build?.session;
      return describeSession(paths, id ?? "");
    },
    compiled: () =>
      existsSync(`${home}/compiled`) ? readFileSync(`${home}/compiled`, "utf8").trim().split("\n").length : 0,
    /** The steps of a round, once it has its true verdict. */
    steps: async (round: number) => {
      await eventually(
        () => expect(of(round)).toContainEqual(expect.objectContaining({ kind: "true" })),
        patience,
      );
      return of(round).map((event) => {
        if (event.type === "round-session") return event.phase;
        return event.type === "verdict" ? `${event.kind} ${event.outcome}` : event.type;
      });
    },
  };
}

test("both verdicts share one build of the guest tools", { timeout: 60_000 }, async () => {
  const { steps, compiled, base } = await startWatch({ hasState: true });
  const all = await steps(1);
  expect(all.filter((step) => step.includes(" "))).toEqual(["fast passed", "true passed"]);
  expect(all).toContain("rebuild");
  expect(compiled()).toBe(1);
  expect(base.save).toHaveBeenCalledOnce();
});

test("a mistake of the compiler's is the verdict at once, and nothing is rebuilt for it", {
  timeout: 60_000,
}, async () => {
  const { steps, write, of } = await startWatch({ hasState: true });
  await steps(1);
  write("src/main.c", "wrong");
  expect(await steps(2)).toEqual(["round-started", "true failed"]);
  expect(of(2)).toContainEqual(
    expect.objectContaining({
      text: expect.stringContaining("the guest tools can't be built: "),
      lines: ["main.c:1: wrong"],
    }),
  );
});

test("a state that can't be restored is deleted, and the round has its true verdict only", {
  timeout: 60_000,
}, async () => {
  const { steps, base, force, events } = await startWatch({ hasState: true });
  await steps(1);
  const error = new StateFailure(new AppError({ code: "qemu-failed", message: "the state is damaged" }));
  vi.mocked(checkImage).mockRejectedValueOnce(error);
  force();
  expect(await steps(2)).toEqual(["round-started", "no-fast-verdict", "true", "true passed"]);
  expect(base.drop).toHaveBeenCalledExactlyOnceWith("the state is damaged");
  expect(events).toContainEqual(
    expect.objectContaining({ type: "no-fast-verdict", reason: "the state is damaged" }),
  );
});

test("a changed machine definition rebuilds the setup image first, and no other change does", {
  timeout: 60_000,
}, async () => {
  const { steps, write, base, of } = await startWatch();
  expect(await steps(1)).toEqual(["round-started", "no-fast-verdict", "rebuild", "true", "true passed"]);
  write("setup.sh", "another setup");
  expect(await steps(2)).not.toContain("setup");
  base.find.mockClear();
  write("machine.json", '{"version": 1, "memory": 300}');
  expect(await steps(3)).toEqual([
    "round-started",
    "no-fast-verdict",
    "setup",
    "rebuild",
    "true",
    "true passed",
  ]);
  expect(of(3)).toContainEqual(
    expect.objectContaining({ reason: "machine.json changed, so the setup image is rebuilt first" }),
  );
  expect(base.find).not.toHaveBeenCalled();
  write("parts/one", "another part of the ISO");
  expect(await steps(4)).toContain("setup");
});

test("a setup image that a person installs stays as it is, and the round says what to run", {
  timeout: 60_000,
}, async () => {
  const { steps, write, events, set } = await startWatch({
    recipe: buildingRecipe.replace("[{type: poweroff}]", "[]"),
  });
  await steps(1);
  write("machine.json", '{"version": 1, "memory": 300}');
  expect(await steps(2)).not.toContain("setup");
  expect(events).toContainEqual(
    expect.objectContaining({
      type: "note",
      text: `machine.json changed since ${set.setupImage} was built, and a person installs it: build it again with tinsmith rebuild setup --recipe ${set.folder}.`,
    }),
  );
});

test("while another process builds the image, a round says so, waits, and continues", {
  timeout: 60_000,
}, async () => {
  const { steps, write, of, set, paths } = await startWatch();
  await steps(1);
  const lock = lockOutput(set.workerImage, "Worker image small", paths);
  write("src/main.c", "changed");
  await eventually(
    () => expect(of(2)).toContainEqual(expect.objectContaining({ type: "round-waits" })),
    patience,
  );
  expect(of(2).at(-1)).toMatchObject({
    reason: `${set.workerImage} is already being built: Worker image small (process ${process.pid})`,
  });
  lock[Symbol.dispose]();
  expect(await steps(2)).toEqual([
    "round-started",
    "no-fast-verdict",
    "round-waits",
    "rebuild",
    "true",
    "true passed",
  ]);
});

/** Lets the guest of the next build run until it is cancelled. @returns when it runs */
function holdNextGuest(): Promise<void> {
  const begun = Promise.withResolvers<void>();
  vi.mocked(runGuest).mockImplementationOnce(async (_plan, { signal }) => {
    begun.resolve();
    // It rejects as Node's own functions do.
    return await once(new EventEmitter(), "end", { signal }).then(() => 0);
  });
  return begun.promise;
}

test("a build that a newer change overtakes is cancelled, and so is one that a person ends with the watch", {
  timeout: 60_000,
}, async () => {
  const { write, summary, quit, isGuestHeld } = await startWatch({ isHeld: true });
  await isGuestHeld;
  expect(roundOf({ round: join(summary(1)?.folder ?? "", "round") })).toBe(`${summary()?.id} 1`);
  const isNextHeld = holdNextGuest();
  write("src/main.c", "changed");
  await isNextHeld;
  expect(summary(1)).toMatchObject({
    status: "cancelled",
    error: { code: "interrupted", message: "overtaken by a newer round of the watch" },
  });
  await quit();
  expect(summary(2)).toMatchObject({ status: "cancelled", error: { code: "interrupted" } });
  expect(summary()).toMatchObject({ status: "succeeded" });
});

test("a watch that a person quits has not failed, though its last verdict was a failure", {
  timeout: 60_000,
}, async () => {
  const { steps, write, quit, summary } = await startWatch();
  await steps(1);
  write("src/main.c", "wrong");
  expect((await steps(2)).at(-1)).toBe("true failed");
  await quit();
  expect(summary()).toMatchObject({ status: "succeeded" });
});

test("a watch whose files can't be read any more ends its build in order before it fails", {
  timeout: 60_000,
}, async () => {
  const lost = Promise.withResolvers<never>();
  vi.mocked(watchSources).mockImplementationOnce(async function* (_files, _signal, begin) {
    begin?.();
    yield await lost.promise;
  });
  const { summary, watching, isGuestHeld } = await startWatch({ isHeld: true });
  await isGuestHeld;
  lost.reject(new AppError({ code: "no-memory", message: "too many files are open" }));
  await expect(watching).rejects.toThrow("too many files are open");
  expect(summary(1)).toMatchObject({ status: "cancelled", error: { message: "the watch has ended" } });
  expect(summary()).toMatchObject({ status: "failed" });
});
