import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tryLock } from "../files/locks/file-lock.ts";
import { buildTools } from "./build-tools.ts";
import { makeMatrixSet } from "./test-matrix-set.ts";
import type { ToolsUnit } from "./units.ts";

function makeUnits() {
  const { folder } = makeMatrixSet("");
  writeFileSync(join(folder, "build"), '#!/bin/sh\necho "tools $GUEST_TOOLS_VERSION" >tools.sh\n', {
    mode: 0o755,
  });
  const unitOf = (version: string): ToolsUnit => ({
    ...{ name: `small/guest-tools-${version}`, kind: "guest-tools", needs: [], folder, version },
    tools: { build: ["./build"], binary: "tools.sh", run: [] },
    place: join(folder, "matrix/guest-tools", version),
  });
  return { folder, unitOf };
}

const { signal } = new AbortController();
const contentOf = ({ place }: ToolsUnit) => readFileSync(join(place, "guest-tools"), "utf8");

test("versions that one command builds into one file have a copy each", async () => {
  const { unitOf } = makeUnits();
  const units = [unitOf("v1"), unitOf("v2")];
  const built = await Promise.all(units.map((unit) => buildTools(unit, { signal, onWait: () => {} })));
  expect(built).toEqual([true, true]);
  expect(units.map(contentOf)).toEqual(["tools v1\n", "tools v2\n"]);
  expect(await buildTools(unitOf("v1"), { signal, onWait: () => {} })).toBe(false);
});

test("while another process builds guest tools of the set, the build waits", async () => {
  const { folder, unitOf } = makeUnits();
  const unit = unitOf("v1");
  await buildTools(unit, { signal, onWait: () => {} });
  const lock = tryLock(join(folder, "matrix/.guest-tools.lock"), "another process");
  if ("heldBy" in lock) throw new Error("the lock is held");
  const waits: string[] = [];
  await buildTools(unit, {
    signal,
    onWait: (reason) => {
      waits.push(reason);
      lock[Symbol.dispose]();
    },
  });
  expect(waits).toEqual(["guest tools that another process builds"]);
});
