import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeWorkshop, tinsmith } from "../tinsmith.ts";

test("a recipe installs on the screen alone, with the same steps, and a worker image builds from that", async () => {
  const workshop = makeWorkshop();
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const text = readFileSync(recipe, "utf8");
  writeFileSync(recipe, text.replace("\ninstall:\n", "\nconsole: screen\ninstall:\n"));
  const built = await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet, "--json"]);
  expect(built.exitStatus).toBe(0);
  expect(readFileSync(recipe, "utf8")).toContain("console: screen");
  const ran = await tinsmith(workshop, [
    "run",
    workshop.workerImage,
    "--",
    "echo",
    "installed on the screen",
  ]);
  expect(ran.stdout.toString()).toContain("installed on the screen");
});
