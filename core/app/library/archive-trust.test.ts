import { createHash } from "node:crypto";
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rememberBuild } from "../../builder/freshness/build-records.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { rememberImage } from "../../storage/known-images.ts";
import { createArchiveTrust } from "./archive-trust.ts";

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

function newArchive(text: string) {
  const paths = newHome();
  mkdirSync(paths.sessions, { recursive: true });
  const archive = join(paths.sessions, "image.tar.lz4");
  writeFileSync(archive, text);
  return { paths, archive, trust: createArchiveTrust(paths) };
}

test("an archive is known by its content; any other comes with a warning", async () => {
  const { paths, archive, trust } = newArchive("an image");
  expect(await trust.examine(archive)).toEqual({
    digest: digestOf("an image"),
    warning: expect.stringContaining(`${archive} was not made here`),
  });
  rememberImage(paths, digestOf("an image"));
  expect((await trust.examine(archive)).warning).toBeUndefined();
  writeFileSync(archive, "another image");
  expect((await trust.examine(archive)).warning).toContain("was not made here");
});

test("an archive that replaces one that was built here is examined anew, though its size and its time are the same", async () => {
  const { paths, archive, trust } = newArchive("an image");
  rememberImage(paths, digestOf("an image"));
  const record = { session: "1", finished: 1, milliseconds: 1, steps: {}, inputs: [] };
  rememberBuild(paths, archive, digestOf("an image"), record);
  expect((await trust.examine(archive)).warning).toBeUndefined();
  const { atime, mtime } = statSync(archive);
  writeFileSync(archive, "an enemy");
  utimesSync(archive, atime, mtime);
  expect((await trust.examine(archive)).warning).toContain("was not made here");
});

test("an archive that does not exist, or can't be read, is an error and not a yes", async () => {
  const { archive, trust } = newArchive("an image");
  rmSync(archive);
  await expect(trust.examine(archive)).rejects.toMatchObject({ code: "missing-file" });
  await expect(trust.require(archive, [digestOf("an image")])).rejects.toMatchObject({
    code: "missing-file",
  });
});

test("an archive of this user's own needs no consent", async () => {
  const { paths, archive, trust } = newArchive("an image");
  rememberImage(paths, digestOf("an image"));
  await trust.require(archive, []);
});

test("an imported archive needs consent, which is for its content alone", async () => {
  const { archive, trust } = newArchive("an image");
  await expect(trust.require(archive, [])).rejects.toMatchObject({
    code: "not-trusted",
    message: expect.stringContaining("it has not been accepted"),
    advice: expect.stringContaining("was not made here"),
  });
  await trust.require(archive, [digestOf("an image")]);
  writeFileSync(archive, "another image");
  await expect(trust.require(archive, [digestOf("an image")])).rejects.toMatchObject({
    code: "not-trusted",
    message: expect.stringContaining("has changed since it was accepted"),
  });
});

test("a caller who no longer waits ends the reading", async () => {
  const { archive, trust } = newArchive("an image");
  await expect(trust.examine(archive, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
});
