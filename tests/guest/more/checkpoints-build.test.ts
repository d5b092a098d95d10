import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();

test("a build goes back while its guest works, and its image is whole", async () => {
  const setup = join(workshop.folder, "images/tinycore/setup.sh");
  const script = readFileSync(setup, "utf8");
  writeFileSync(setup, script.replace(/^(#!.*\n)/, "$1sleep 10\n"));
  const isMade = Promise.withResolvers<string>();
  const building = tinsmith(
    workshop,
    ["rebuild", "worker", "--recipe", workshop.imageSet, "--warm", "--json"],
    {
      onStdout: (text) => {
        const [, id] = /"session":"([\w-]+)"/.exec(text) ?? [];
        if (id && text.includes('"step":"restore"')) isMade.resolve(id);
      },
    },
  );
  const id = await isMade.promise;
  const inBuild = (...args: readonly string[]) =>
    tinsmith(workshop, ["checkpoint", ...args, "--session", id]);
  await eventually(async () => expect(await inBuild("make", "restored")).toMatchObject({ stderr: "" }), {
    timeout: 60_000,
  });
  expect(await inBuild("go-back", "restored")).toMatchObject({ exitStatus: 0, stderr: "" });
  const { exitStatus, stdout } = await building;
  expect([exitStatus, stdout.toString().split("\n").at(-2)]).toEqual([
    0,
    expect.stringContaining("build-finished"),
  ]);
  const run = await tinsmith(workshop, ["run", workshop.workerImage, "--", "echo", "from the built image"]);
  expect(run.stdout.toString()).toContain("from the built image");
});
