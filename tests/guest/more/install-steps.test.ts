import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { makeWorkshop, tinsmith } from "../tinsmith.ts";

const secret = "hush-hush-4711";

test("a step whose wait fails is changed, the recipe with it; the image is up to date, goes back to a checkpoint's step, and stores no secret", async () => {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const text = readFileSync(recipe, "utf8")
    .replace(
      "- wait: Installed on /dev/vda\n    timeout: 120",
      "- wait: Installed to the disk\n    timeout: 20",
    )
    .replace(
      "  - type: filetool.sh -b\n",
      "  - checkpoint: before the backup\n  - type: ['echo ', {secret: TOKEN}]\n  - wait: 'tc@box:~$ '\n  - type: filetool.sh -b\n",
    );
  writeFileSync(recipe, text);
  const env = { TINSMITH_SECRET_TOKEN: secret };
  const rebuild = ["rebuild", "setup", "--recipe", workshop.imageSet];
  const hasFailed = Promise.withResolvers<void>();
  const building = tinsmith(workshop, [...rebuild, "--keep-failed"], {
    env,
    onStderr: (told) => told.includes("Install step 3 has failed") && hasFailed.resolve(),
  });
  await Promise.race([hasFailed.promise, building.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const steps = async (...args: string[]) => await tinsmith(workshop, ["steps", ...args]);
  expect((await steps("list")).stdout.toString()).toMatch(
    /^> +3 {2}wait .*Installed to the disk {2}\(failed\)$/m,
  );
  const bad = await steps("change", "3", "{wiat: x}");
  expect(bad.stderr).toContain("did you mean wait?");
  const changed = await steps("change", "3", "{wait: Installed on /dev/vda}");
  expect(changed.stderr).toBe("");
  const built = await building;
  expect(built.stdout.toString()).toContain("microcore-setup.tar.lz4");
  expect(built.exitStatus).toBe(0);

  expect(readFileSync(recipe, "utf8")).toBe(
    text.replace("- wait: Installed to the disk\n    timeout: 20", "- { wait: Installed on /dev/vda }"),
  );
  const explained = await tinsmith(workshop, [...rebuild, "--explain"]);
  expect(explained.stdout.toString()).toContain("up to date");

  const sessions = await tinsmith(workshop, ["sessions", "--all", "--json"]);
  const [session] = JSON.parse(sessions.stdout.toString());
  const folder = join(workshop.folder, "tinsmith/sessions", session.id);
  expect(readFileSync(join(folder, "serial.log"), "utf8")).toContain("echo [secret]");
  const found = await execa("grep", ["-rlF", secret, workshop.folder], { reject: false });
  // The images alone: the guest's own shell may keep its history.
  expect(found.stdout.split("\n").filter((path) => path && !path.endsWith(".tar.lz4"))).toEqual([]);
});

test("a step of a steps file whose wait fails is changed in that file, and not in the recipe", async () => {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const text = readFileSync(recipe, "utf8");
  const steps = text
    .slice(text.indexOf("install:\n"))
    .replace(
      "- wait: Installed on /dev/vda\n    timeout: 120",
      "- wait: Installed to the disk\n    timeout: 20",
    );
  const file = join(workshop.imageSet, "recorded.steps.yaml");
  writeFileSync(file, steps);
  const hasFailed = Promise.withResolvers<void>();
  const rebuild = ["rebuild", "setup", "--recipe", workshop.imageSet, "--steps", file];
  const building = tinsmith(workshop, [...rebuild, "--keep-failed"], {
    onStderr: (told) => told.includes("Install step 3 has failed") && hasFailed.resolve(),
  });
  await Promise.race([hasFailed.promise, building.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const changed = await tinsmith(workshop, ["steps", "change", "3", "{wait: Installed on /dev/vda}"]);
  expect(changed.stderr).toBe("");
  const built = await building;
  expect([built.exitStatus, built.stderr]).toEqual([0, expect.anything()]);
  expect(readFileSync(recipe, "utf8")).toBe(text);
  expect(readFileSync(file, "utf8")).toBe(
    steps.replace("- wait: Installed to the disk\n    timeout: 20", "- { wait: Installed on /dev/vda }"),
  );
  const explained = await tinsmith(workshop, [...rebuild, "--explain"]);
  expect(explained.stdout.toString()).toContain("up to date");
  const worker = await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet]);
  expect([worker.exitStatus, worker.stderr]).toEqual([0, expect.anything()]);
});
