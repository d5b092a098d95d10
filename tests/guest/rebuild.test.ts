import { existsSync, rmSync } from "node:fs";
import { appendFile, copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { copySetupImage } from "./built-workshop.ts";
import { makeWorkshop, tinsmith, type Workshop } from "./tinsmith.ts";

/** A workshop in which the setup image already exists. */
function workshopWithSetupImage(): Workshop {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  copySetupImage(workshop);
  return workshop;
}

const coldRebuild = (workshop: Workshop, ...options: string[]) =>
  tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet, ...options]);
/** For tests whose subject is not the boot. */
const rebuild = (workshop: Workshop, ...options: string[]) => coldRebuild(workshop, "--warm", ...options);

test("a rebuild reuses the setup image, and tells its steps, the guest's log and what it made", async () => {
  const workshop = workshopWithSetupImage();
  const before = await stat(workshop.setupImage);
  const { exitStatus, stdout, stderr } = await coldRebuild(workshop);
  expect(exitStatus).toBe(0);
  expect((await stat(workshop.setupImage)).mtimeMs).toBe(before.mtimeMs);
  const steps = [...stderr.matchAll(/^([A-Z][\w ]+): \d+\.\d s$/gm)].map((match) => match[1]);
  expect(steps).toEqual(["Disk", "Guest tools", "Data CD", "Boot", "Guest", "Pack"]);
  expect(stderr).toContain("  guest | setup: done\n");
  expect(stdout.toString()).toMatch(
    /^\S+microcore-worker\.tar\.lz4: [\d.]+ MB, sha256 [0-9a-f]{64}\nTook [\d.]+ s: the guest [\d.]+ s, all else [\d.]+ s\n$/,
  );
});

test("guest tools that are a shell script of one's own take part by the recipe alone", async () => {
  const workshop = workshopWithSetupImage();
  const recipe = join(workshop.imageSet, "recipe.yaml");
  await copyFile(join(import.meta.dirname, "shell-guest-tools.sh"), join(workshop.imageSet, "tools.sh"));
  await appendFile(recipe, "\nguestTools: {binary: tools.sh, run: [--greeting, hello from the shell]}\n");
  expect(await rebuild(workshop)).toMatchObject({ exitStatus: 0 });

  const run = (command: string) => tinsmith(workshop, ["run", workshop.workerImage, "--", command]);
  const succeeded = await run("uname");
  expect(succeeded.stdout.toString()).toBe("hello from the shell\nLinux\n");
  expect(succeeded.exitStatus).toBe(0);
  expect(await run("false")).toMatchObject({ exitStatus: 1 });
});

test("a rebuild that fails in the guest keeps the old image, shows why, and leaves its logs", async () => {
  const workshop = workshopWithSetupImage();
  await writeFile(workshop.workerImage, "the old image");
  const setup = join(workshop.folder, "images/tinycore/setup.sh");
  const script = await readFile(setup, "utf8");
  const failing = "echo something is wrong | sudo tee /dev/ttyS0\nsudo poweroff\nexit 1";
  await writeFile(setup, script.replace("#!/bin/sh", `#!/bin/sh\n${failing}`));
  const { exitStatus, stderr } = await rebuild(workshop);
  expect(exitStatus).toBe(1);
  expect(stderr).toContain('error: the guest powered off, but its log has no line with "setup: done"');
  expect(stderr).toContain("something is wrong");
  const [, folder = ""] = /All logs: (.*)/.exec(stderr) ?? [];
  expect(await readFile(join(folder, "serial.log"), "utf8")).toContain("something is wrong");
  expect(await readFile(join(folder, "events.jsonl"), "utf8")).toContain('"type":"build-failed"');
  expect(existsSync(join(folder, "working"))).toBe(false);
  expect(await readFile(workshop.workerImage, "utf8")).toBe("the old image");
});

test("a setup that fails in a step is told by the line that says so, in the step that was under way", async () => {
  const workshop = workshopWithSetupImage();
  const setup = join(workshop.folder, "images/tinycore/setup.sh");
  const script = await readFile(setup, "utf8");
  await writeFile(setup, script.replace("filetool.sh -b", "cat /no/such/folder"));
  const { exitStatus, stderr } = await rebuild(workshop);
  expect(exitStatus).toBe(1);
  expect(stderr).toContain(
    'error: the guest logged "setup: failed: save /opt and /home", then powered off\n',
  );
  expect(stderr).toContain('It is not done: its log has no line with "setup: done".');
  expect(stderr).toMatch(/^Restore: \d/m);
  expect(stderr).not.toMatch(/^Guest: \d/m);
});

test("a rebuild that is told twice to end leaves its end on record, a retry, no QEMU, and the old image whole", async () => {
  const workshop = workshopWithSetupImage();
  await writeFile(workshop.workerImage, "the old image");
  let signals = 0;
  const { exitStatus, stderr } = await tinsmith(
    workshop,
    ["rebuild", "worker", "--recipe", workshop.imageSet],
    {
      onStderr: (text, interrupt) => {
        if (!text.includes("Data CD: ") || signals === 2) return;
        for (signals = 0; signals < 2; signals += 1) interrupt("SIGTERM");
      },
    },
  );
  expect(exitStatus).toBe(143);
  const [, folder = ""] = /All logs: (.*)/.exec(stderr) ?? [];
  const events = (await readFile(join(folder, "events.jsonl"), "utf8")).trimEnd().split("\n");
  expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({
    type: "build-failed",
    error: { code: "interrupted" },
    reusable: ["guest-tools", "data-cd"],
  });
  expect(existsSync(join(folder, "kept-work"))).toBe(true);
  expect(existsSync(join(folder, "working"))).toBe(false);
  expect(execaSync("pgrep", ["-f", `^qemu-system.*${folder}`], { reject: false }).stdout).toBe("");
  expect(await readFile(workshop.workerImage, "utf8")).toBe("the old image");
});

test("a rebuild builds nothing while nothing has changed, says why it builds, and builds when it is forced to", async () => {
  const workshop = workshopWithSetupImage();
  const script = join(workshop.imageSet, "notes.txt");
  const recipe = join(workshop.imageSet, "recipe.yaml");
  await writeFile(script, "one");
  await writeFile(recipe, (await readFile(recipe, "utf8")).replace("cd: [", "cd: [notes.txt, "));
  expect(await rebuild(workshop)).toMatchObject({ exitStatus: 0 });
  const { mtimeMs } = await stat(workshop.workerImage);
  const again = await rebuild(workshop);
  expect(again).toMatchObject({ exitStatus: 0, stderr: "" });
  expect(again.stdout.toString()).toMatch(
    /^\S+microcore-worker\.tar\.lz4: up to date: built just now from the same 10 inputs\n$/,
  );
  expect((await stat(workshop.workerImage)).mtimeMs).toBe(mtimeMs);

  await writeFile(script, "two");
  const explained = await rebuild(workshop, "--explain");
  expect(explained.exitStatus).toBe(0);
  const lines = explained.stdout.toString().split("\n");
  expect(lines[0]).toBe(`${workshop.workerImage}: stale: notes.txt changed`);
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}notes\.txt +[0-9a-f]{12} -> [0-9a-f]{12} {2}changed$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}setup image +[0-9a-f]{12} +same$/));
  expect((await stat(workshop.workerImage)).mtimeMs).toBe(mtimeMs);

  await writeFile(script, "one");
  expect((await rebuild(workshop, "--json")).stdout.toString()).toMatch(
    /^\{"type":"up-to-date",.*"inputs":10\}\n$/,
  );
  expect((await rebuild(workshop, "--force")).stdout.toString()).toContain("Took ");
});

test("with --json each event is a line of JSON on stdout, and nothing else is printed", async () => {
  const workshop = workshopWithSetupImage();
  const { stdout, stderr } = await rebuild(workshop, "--json");
  const events = stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.at(0)).toMatchObject({ type: "build-started", title: "Worker image microcore" });
  expect(events.at(-1)).toMatchObject({ type: "build-finished", result: { path: workshop.workerImage } });
  expect(stderr).toBe("");
});

test("an image is built from another one outside of any recipe, by a data CD of one's own, with a larger disk", async () => {
  const workshop = workshopWithSetupImage();
  const out = join(workshop.folder, "image.tar.zst");
  const iso = join(workshop.folder, "data.iso");
  const script = join(workshop.folder, "setup.sh");
  await writeFile(
    script,
    "#!/bin/sh\nsudo cp /sys/class/block/vda/size /opt/sectors\nrm /home/tc/.X.d/setup.sh\nfiletool.sh -b\nsudo poweroff\n",
    { mode: 0o755 },
  );
  await execa("xorriso", [
    "-as",
    "mkisofs",
    "-rational-rock",
    "-o",
    iso,
    "-graft-points",
    `setup.sh=${script}`,
  ]);
  const build = ["build", "from-image", workshop.setupImage, out, "--cdrom", iso, "--size", "2"];
  const outcome = await tinsmith(workshop, build);
  expect(outcome.exitStatus).toBe(0);
  expect(outcome.stdout.toString() + outcome.stderr).toContain("unless the guest makes them larger");
  const { stdout } = await tinsmith(workshop, ["inspect", out, "--json"]);
  const size = 2 * 1024 ** 3;
  expect(JSON.parse(stdout.toString())).toMatchObject({
    format: "zstd",
    entries: expect.arrayContaining([expect.objectContaining({ name: "disk.img", size })]),
  });
  const sectors = await tinsmith(workshop, ["cat-image", `${out}:/tce/mydata.tar/opt/sectors`]);
  expect(Number(sectors.stdout)).toBe(size / 512);
});
