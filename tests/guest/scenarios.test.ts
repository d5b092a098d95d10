import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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
