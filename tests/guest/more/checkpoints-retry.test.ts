import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { makeWorkshop, tinsmith, type Workshop } from "../tinsmith.ts";

// A failed build is tried again, with what a person has changed, from the guest that has booted.

/** The session that a failed build names for a retry. */
const failedSession = (stderr: string) => /--retry (\S+?)\./.exec(stderr)?.[1] ?? "";

test("after a setup.sh that failed, a retry continues from the booted setup image with the new one", async () => {
  const workshop = makeBuiltWorkshop();
  const setup = join(workshop.folder, "images/tinycore/setup.sh");
  const script = readFileSync(setup, "utf8");
  writeFileSync(setup, script.replace('post "setup: done"', 'post "setup: broken"; sudo poweroff; exit 1'));
  // As on a developer's machine, which saves states by itself.
  const env = { CI: "", TINSMITH_HOME: join(workshop.folder, "tinsmith") };
  const rebuild = ["rebuild", "worker", "--recipe", workshop.imageSet];
  const failed = await tinsmith(workshop, rebuild, { env });
  expect(failed.stderr).toMatch(/^Boot: \d/m);
  expect(failed.exitStatus).toBe(1);
  expect(failed.stderr).toMatch(/--retry \S+\. It continues from the saved state of the setup image/);
  // The state is being saved, or saved already.
  const states = join(env.TINSMITH_HOME, "cache/states");
  await eventually(() => expect(readdirSync(states)).toHaveLength(1));
  writeFileSync(setup, script);
  const retry = await tinsmith(workshop, [...rebuild, "--retry", failedSession(failed.stderr)], { env });
  expect(retry.stderr).toContain("setup.sh changed since: Tinsmith makes again what depends on that");
  expect(retry.stderr).toContain("Guest tools: reused from an earlier build");
  expect(retry.stderr).toMatch(/^Data CD: \d/m);
  expect(retry.stderr).toMatch(/^Restore: \d/m);
  expect(retry.exitStatus).toBe(0);
});

/** Has an install step wait for what never comes. @returns a function that corrects it */
function plantWrongWait(workshop: Workshop): () => void {
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const text = readFileSync(recipe, "utf8");
  writeFileSync(
    recipe,
    text.replace(/wait: Installed on .*\n +timeout: 120/, "wait: Instolled\n    timeout: 3"),
  );
  return () => writeFileSync(recipe, text);
}

test("after an install step that failed, a retry types the new ones into the installer that has booted", async () => {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  const correct = plantWrongWait(workshop);
  const env = { TINSMITH_HOME: join(workshop.folder, "tinsmith") };
  const rebuild = ["rebuild", "setup", "--recipe", workshop.imageSet];
  const failed = await tinsmith(workshop, rebuild, { env });
  expect(failed.stderr).toContain('the serial console did not show "Instolled" in 3 s');
  const session = failedSession(failed.stderr);
  const booted = join(env.TINSMITH_HOME, "sessions", session, "kept-work/booted");
  // It is the memory of a guest.
  expect(statSync(booted).mode & 0o777).toBe(0o700);
  expect(statSync(join(booted, "memory")).mode & 0o777).toBe(0o600);
  correct();
  const retry = await tinsmith(workshop, [...rebuild, "--retry", session], { env });
  expect(retry.stderr).toContain("The guest continues from where it had booted in the failed build.");
  expect(retry.stderr).not.toMatch(/^Boot: \d/m);
  expect(retry.exitStatus).toBe(0);

  // The installed image boots.
  const worker = await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet], { env });
  expect(worker.exitStatus).toBe(0);
});

test("a retry with other memory boots: the kept guest does not fit", async () => {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  plantWrongWait(workshop);
  const rebuild = ["rebuild", "setup", "--recipe", workshop.imageSet];
  const failed = await tinsmith(workshop, rebuild);
  const more = ["--memory", "300", "--retry", failedSession(failed.stderr)];
  const retry = await tinsmith(workshop, [...rebuild, ...more]);
  expect(retry.stderr).toContain("has other hardware now");
  expect(retry.stderr).toMatch(/^Boot: \d/m);
});
