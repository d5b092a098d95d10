import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rememberImage } from "../run/known-images.ts";
import { newHome } from "../session/test-session.ts";
import { warnOfArchive } from "./warn-of-archive.ts";

test("an archive is known by what is in it, wherever it is; any other comes with a warning", async () => {
  const paths = newHome();
  mkdirSync(paths.sessions, { recursive: true });
  const archive = join(paths.sessions, "image.tar.lz4");
  writeFileSync(archive, "an image");
  expect(await warnOfArchive(paths, archive)).toContain(`${archive} was not made here`);
  rememberImage(paths, createHash("sha256").update("an image").digest("hex"));
  expect(await warnOfArchive(paths, archive)).toBeUndefined();
  writeFileSync(archive, "another image");
  expect(await warnOfArchive(paths, archive)).toContain("was not made here");
});

test("an archive that is not there is an error that says so", async () => {
  await expect(warnOfArchive(newHome(), "/nothing.tar.lz4")).rejects.toMatchObject({ code: "missing-file" });
});
