import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeImage } from "../../../core/contents/tree/test-disk.ts";
import { manifestPath, readManifest } from "../../../core/manifest/manifest-file.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test("change-image makes a copy with other files, whose manifest names the image", async () => {
  const home = mkdtempSync(join(tmpdir(), "tinsmith-change-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const image = await makeImage(home, "test", { etc: { motd: "hello\n" } });
  const file = join(home, "a:file");
  writeFileSync(file, "another\n");
  const trial = join(home, "trial.tar.lz4");
  const puts = ["--put", `${file}:/etc/motd`, "--put", `${file}:/`];
  const changed = await tinsmith(home, ["change-image", image, trial, ...puts]);
  expect(changed.stderr).toContain("it was not built by a recipe");
  expect(changed.stdout.toString()).toContain("replaced /disk.img/partition1/etc/motd: 8 bytes\n");
  const read = await tinsmith(home, ["cat-image", `${trial}:/a:file`]);
  expect(read.stdout.toString()).toBe("another\n");
  expect(readManifest(trial)).toMatchObject({
    kind: "change",
    origin: {
      name: "test.tar.lz4",
      changes: [
        { path: "/disk.img/partition1/etc/motd", change: "replaced", size: 8 },
        { path: "/disk.img/partition1/a:file", change: "added", size: 8 },
      ],
    },
  });
  expect(readFileSync(manifestPath(trial), "utf8")).not.toContain(home);
  const again = await tinsmith(home, ["change-image", image, trial, ...puts]);
  expect([again.exitStatus, again.stderr]).toEqual([2, expect.stringContaining("already exists")]);
  const none = await tinsmith(home, ["change-image", image, join(home, "none.tar.lz4")]);
  expect([none.exitStatus, none.stderr]).toEqual([2, expect.stringContaining("--put")]);
});
