import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildFaultyTools } from "../../protocol/planted-faults/build-faulty-tools.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();

test("guest tools in a VM that report a result before their output was sent are found", async () => {
  const tools = join(workshop.imageSet, "faulty-tools");
  await buildFaultyTools("exit before the output was sent", tools, {
    GOOS: "linux",
    GOARCH: "386",
    GO386: "sse2",
  });
  const recipe = join(workshop.imageSet, "recipe.yaml");
  writeFileSync(recipe, `${readFileSync(recipe, "utf8")}\nguestTools: {binary: faulty-tools, run: [run]}\n`);
  const rebuild = ["rebuild", "worker", "--recipe", workshop.imageSet, "--warm"];
  expect(await tinsmith(workshop, rebuild)).toMatchObject({ exitStatus: 0 });
  const { stdout, exitStatus } = await tinsmith(workshop, [
    "scenario",
    join(workshop.imageSet, "scenarios/large-log.yaml"),
  ]);
  expect(stdout.toString()).toContain("expected: this order: log (complete), then success");
  expect(exitStatus).toBe(1);
});
