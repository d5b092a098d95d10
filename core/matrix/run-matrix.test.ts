import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import type { MatrixEvent } from "../../shared/matrix/matrix-state.ts";
import { eventually } from "../../tests/eventually.ts";
import type { MatrixEngine, UnitObserver } from "./engine.ts";
import { isUnfinished, openMatrixRecord } from "./matrix-record.ts";
import { planUnits } from "./plan-units.ts";
import { readMatrix } from "./read-matrix.ts";
import { runMatrix } from "./run-matrix.ts";
import { makeMatrixSet } from "./test-matrix-set.ts";
import type { ImageUnit } from "./units.ts";

type Recorded = () => ReturnType<typeof openMatrixRecord>["cells"];
type Build = (unit: ImageUnit, observer: UnitObserver, recorded: Recorded) => Promise<void>;

/** Runs a matrix on an engine that only pretends. */
async function run(
  matrix: string,
  build: Build,
  { signal = new AbortController().signal, recipe }: { signal?: AbortSignal; recipe?: string } = {},
) {
  const { folder, paths } = makeMatrixSet(matrix, recipe === undefined ? {} : { recipe });
  const { path, cells } = readMatrix(folder);
  using record = openMatrixRecord(paths, path);
  const recorded = () => {
    using written = openMatrixRecord(paths, path);
    return written.cells;
  };
  const events: MatrixEvent[] = [];
  const notes: string[] = [];
  const engine: MatrixEngine = {
    build: async (unit, observer) => {
      observer.onStart();
      observer.onSession(`session-of-${unit.name}`);
      await build(unit, observer, recorded);
      return { result: { path: unit.output, size: 1, digest: "d", guestMilliseconds: 1 } };
    },
  };
  const onEvent = (event: MatrixEvent) => {
    events.push(event);
    record.onEvent(event);
  };
  const onNote = (text: string) => notes.push(text);
  const options = { matrix: path, units: planUnits(cells), engine, paths, signal, onEvent, onNote };
  const state = await runMatrix(options);
  const results = Object.fromEntries([...state.units.values()].map(({ unit, status }) => [unit, status]));
  return { folder, state, results, events, notes, recorded };
}

const two = "matrix: {memory: [300, 400]}\n";

test("a setup image is built before the cells that share it, and once", async () => {
  const built: string[] = [];
  const { results, events, folder } = await run(two, async ({ name }) => void built.push(name));
  expect(built).toEqual(["small/setup", "small/300", "small/400"]);
  expect(results).toEqual({ "small/setup": "succeeded", "small/300": "succeeded", "small/400": "succeeded" });
  expect(existsSync(join(folder, "matrix"))).toBe(true);
  expect(events.at(-1)).toMatchObject({
    type: "matrix-finished",
    counts: { succeeded: 2, "up-to-date": 0, failed: 0, cancelled: 0 },
  });
});

test("the failure of a cell does not end the others, and is on record for --failed", async () => {
  const { results, recorded } = await run(two, async ({ name }) => {
    if (name === "small/300") throw new AppError({ code: "build-failed", message: "the guest failed" });
  });
  expect(results).toMatchObject({ "small/300": "failed", "small/400": "succeeded" });
  const cells = recorded();
  expect(cells["small/300"]).toMatchObject({
    session: "session-of-small/300",
    error: { message: "the guest failed" },
  });
  expect(Object.keys(cells).filter((name) => isUnfinished(cells[name]))).toEqual(["small/300"]);
});

test("cells whose setup image fails fail with its reason, and are not built", async () => {
  const built: string[] = [];
  const { results, state } = await run(two, async ({ name }) => {
    built.push(name);
    throw new AppError({ code: "timed-out", message: "the installer hangs" });
  });
  expect(built).toEqual(["small/setup"]);
  expect(results).toEqual({ "small/setup": "failed", "small/300": "failed", "small/400": "failed" });
  expect(state.units.get("small/300")?.error?.message).toBe(
    "small/setup, which it needs, was not built: the installer hangs",
  );
});

test("a setup image that only a person can install is not begun", async () => {
  const { state } = await run(two, async () => {}, { recipe: "" });
  expect(state.units.get("small/setup")).toMatchObject({
    status: "failed",
    error: { code: "usage", message: expect.stringContaining("no steps to install") },
  });
});

test("when it is cancelled, what runs and what waits is cancelled, and unfinished on record", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const { results, recorded } = await run(
    two,
    async ({ kind }) => {
      if (kind === "setup") return;
      controller.abort(new AppError({ code: "interrupted", message: "interrupted" }));
      signal.throwIfAborted();
    },
    { signal },
  );
  expect(results).toEqual({ "small/setup": "succeeded", "small/300": "cancelled", "small/400": "cancelled" });
  expect(Object.values(recorded()).every(isUnfinished)).toBe(true);
});

test("cells that run and wait are on record, so that a killed run can be continued", async () => {
  const { results } = await run(two, async ({ name }, _observer, recorded) => {
    if (name !== "small/300") return;
    await eventually(() =>
      expect(recorded()).toMatchObject({
        "small/300": { status: "running", session: "session-of-small/300" },
        "small/400": { status: expect.stringMatching(/waiting|running|succeeded/) },
      }),
    );
  });
  expect(results["small/300"]).toBe("succeeded");
});

test("an archive that another process builds is waited for", async () => {
  let tries = 0;
  const { results, events } = await run("matrix: {memory: [300]}\n", async ({ kind }) => {
    if (kind === "setup" || ++tries > 1) return;
    throw new AppError({ code: "busy", message: "it is already being built" });
  });
  expect(results["small/300"]).toBe("succeeded");
  expect(events).toContainEqual(
    expect.objectContaining({ type: "unit-waits", unit: "small/300", reason: "it is already being built" }),
  );
});

test("a note of several cells is told once", async () => {
  const { notes } = await run(two, async (_unit, { onEvent }) => {
    onEvent({ type: "note", text: "the image was not made here", time: 0 });
    onEvent({ type: "note", text: `KVM does not work ${Math.random()}`, about: "accelerator", time: 0 });
  });
  expect(notes).toEqual(["the image was not made here", expect.stringMatching(/^KVM/)]);
});
