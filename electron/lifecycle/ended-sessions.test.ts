import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createStateKeeper } from "../window/stored-state.ts";
import { createEndedSessions } from "./ended-sessions.ts";

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "window.json");
}

test("what ran when the app ended is known to the next start, until it is forgotten", () => {
  const file = newFile();
  const start = () => createEndedSessions(createStateKeeper(file));
  const first = start();
  first.setRunning(["a", "b"]);
  first.setRunning(["b"]);
  const second = start();
  expect(second.get()).toEqual(["b"]);
  second.setRunning(["c"]);
  expect(start().get()).toEqual(["b", "c"]);

  second.forget();
  expect(start().get()).toEqual(["c"]);
});
