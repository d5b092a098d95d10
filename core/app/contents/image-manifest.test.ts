import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { manifestPath, writeManifest } from "../../manifest/manifest-file.ts";
import { imageManifest } from "./image-manifest.ts";

test("the manifest of an image is that of the archive that its path leads to; other sources have none", () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-manifest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "image.tar.lz4");
  writeFileSync(path, "");
  expect(imageManifest(path)).toBeNull();
  writeManifest({ path, size: 0, digest: "a".repeat(64), format: "lz4" }, { kind: "import" });
  const link = join(folder, "link.tar.lz4");
  symlinkSync(path, link);
  expect(imageManifest(path)).toMatchObject({ kind: "import", archive: { name: "image.tar.lz4" } });
  expect(imageManifest(link)).toEqual(imageManifest(path));
  expect(imageManifest("checkpoint:before")).toBeNull();
  expect(imageManifest(join(folder, "gone.img"))).toBeNull();
  writeFileSync(manifestPath(path), "{");
  expect(() => imageManifest(path)).toThrow("manifest");
});
