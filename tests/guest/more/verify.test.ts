import { execFileSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();
const { workerImage, imageSet, folder } = workshop;
const run = async (...args: readonly string[]) => {
  const { exitStatus, stdout, stderr } = await tinsmith(workshop, [...args]);
  return { exitStatus, stdout: stdout.toString(), stderr };
};
/** Only this may differ in two builds of the embedded guest OS. */
const time = /^m .*: time .* \(the time of the build, by the guest's clock\)$/;

/** Unpacks the image, and adds a file to it with debugfs. @returns the folder */
async function plant(): Promise<string> {
  const image = join(folder, "planted");
  expect((await run("extract", workerImage, image)).exitStatus).toBe(0);
  const disk = join(image, "disk.img");
  const { partitiontable } = JSON.parse(execFileSync("/sbin/sfdisk", ["--json", disk], { encoding: "utf8" }));
  const partition = `${disk}?offset=${partitiontable.partitions[1].start * 512}`;
  const content = join(folder, "content");
  writeFileSync(content, "planted");
  execFileSync("/sbin/debugfs", ["-w", "-R", `write ${content} /tce/planted`, partition], { stdio: "pipe" });
  return image;
}

test("a worker image built twice differs in times only, and a planted change is found", {
  timeout: 300_000,
}, async () => {
  const build = await run("rebuild", "worker", "--recipe", imageSet, "--force", "--cold");
  expect(build.exitStatus).toBe(0);
  const verified = await run("verify", workerImage, "--rebuild");
  const lines = verified.stdout.trimEnd().split("\n");
  expect(lines.filter((line) => /^[✓✗]/.test(line))).toEqual([
    expect.stringMatching(/^✓ .* is the archive of its manifest/),
    expect.stringMatching(/^✓ The \d+ files in it are those of the manifest\.$/),
    expect.stringMatching(/^✓ Its \d+ inputs are those on disk now\.$/),
    expect.stringMatching(/^✓ A rebuild has the same files, but for \d difference/),
    expect.stringMatching(/^✓ The bytes of its archive /),
  ]);
  for (const line of lines.filter((line) => line.startsWith("    "))) expect(line.trim()).toMatch(time);
  expect(verified.exitStatus).toBe(0);

  const built = join(folder, "built.tar.lz4");
  for (const end of ["", ".manifest.json"]) copyFileSync(workerImage + end, built + end);
  const planted = await run("pack", await plant(), workerImage);
  expect(planted.stdout).toContain("\n+7 bytes: /tce/planted is new, 7 bytes\n");
  const diff = await run("diff", "--ignore", "expected", built, workerImage);
  expect([diff.exitStatus, diff.stdout]).toEqual([1, "A /disk.img/partition2/tce/planted: 7 bytes\n"]);
  copyFileSync(`${built}.manifest.json`, `${workerImage}.manifest.json`);
  const found = await run("verify", workerImage);
  expect(found.stdout).toMatch(/^✗ .* is not the archive of its manifest/);
  expect(found.stdout).toContain(
    "are not those of the manifest: 1 difference.\n    A /disk.img/partition2/tce/planted: 7 bytes\n",
  );
  expect(found.exitStatus).toBe(1);
});
