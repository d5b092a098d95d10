import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ImageSet } from "../../../shared/library/library.ts";
import { manifestPath } from "../../manifest/manifest-file.ts";
import { findPaths } from "../../storage/paths.ts";
import { deleteArchive } from "./delete-archive.ts";

test("an archive of the library is deleted with its manifest, and no other file is", () => {
  const home = mkdtempSync(join(tmpdir(), "delete-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  const [setup, worker] = [join(home, "setup.tar.lz4"), join(home, "worker.tar.lz4")];
  for (const path of [setup, worker, manifestPath(setup), manifestPath(worker)]) writeFileSync(path, "12345");
  const sets = [{ setup: { path: setup }, worker: { path: worker } } as ImageSet];
  expect(deleteArchive(paths, worker, { sets, archives: [] })).toEqual({ freedBytes: 5 });
  expect([setup, worker, manifestPath(setup), manifestPath(worker)].map((path) => existsSync(path))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  const others = { sets, archives: [] };
  expect(() => deleteArchive(paths, manifestPath(setup), others)).toThrow(
    "is not an archive of an image set",
  );
});
