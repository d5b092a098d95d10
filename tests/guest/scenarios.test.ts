import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildFaultyTools } from "../protocol/planted-faults/build-faulty-tools.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { tinsmith } from "./tinsmith.ts";

// Real virtual machines. All scenarios of the image set start where one boot has ended.

const workshop = makeBuiltWorkshop();
const folder = join(workshop.imageSet, "scenarios");

test("guest tools survive the faults of each endpoint: one boot serves all scenarios of the image set", async () => {
  const sessions = join(workshop.folder, "tinsmith/sessions");
  // Those of a first try.
  rmSync(sessions, { recursive: true, force: true });
  const files = readdirSync(folder).map((name) => join(folder, name));
  const { stdout, exitStatus } = await tinsmith(workshop, ["scenario", ...files, "--json"]);
  const results = stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const failures = results.flatMap(({ name, checks }) =>
    checks.filter(({ passed }: { passed: boolean }) => !passed).map((check: object) => ({ name, ...check })),
  );
  expect(failures).toEqual([]);
  expect(results).toHaveLength(files.length);
  expect(exitStatus).toBe(0);
  const commands = readdirSync(sessions)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => readFileSync(join(sessions, name, "events.jsonl"), "utf8").split("\n"))
    .filter((line) => line.includes('"type":"qemu-started"'));
  expect(commands).toHaveLength(files.length + 1);
  expect(commands.filter((line) => !line.includes('"-incoming"'))).toHaveLength(1);
});

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
  const { stdout, exitStatus } = await tinsmith(workshop, ["scenario", join(folder, "large-log.yaml")]);
  expect(stdout.toString()).toContain("expected: this order: log (complete), then success");
  expect(exitStatus).toBe(1);
});
