import { copyFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { digestFile, plainDigests } from "../../files/digest.ts";
import { makeFolder } from "../../files/folders.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { forgetBuild, recallBuild, recallByContent, rememberBuild } from "./build-records.ts";

const record = {
  session: "20261125-165854-d670",
  finished: 1,
  milliseconds: 2,
  steps: { pack: 1 },
  inputs: [],
};

function buildArchive() {
  const paths = newHome();
  const archive = join(dirname(paths.builds), "worker.tar.lz4");
  makeFolder(dirname(archive));
  writeFileSync(archive, "an image");
  rememberBuild(paths, archive, "5f", record);
  const [name = ""] = readdirSync(paths.builds);
  return { paths, archive, file: join(paths.builds, name) };
}

test("how an archive was built is known until it changes, or is forgotten", () => {
  const { paths, archive, file } = buildArchive();
  expect(recallBuild(paths, archive)).toMatchObject({ path: archive, digest: "5f", record });
  expect(JSON.parse(readFileSync(file, "utf8")).version).toBe(3);
  utimesSync(archive, 1, 1);
  expect(recallBuild(paths, archive)).toBeUndefined();
  forgetBuild(paths, archive);
  expect(readdirSync(paths.builds)).toEqual([]);
});

test("an archive that was only touched is the one that was built still, and one with other content is not", async () => {
  const { paths, archive } = buildArchive();
  rememberBuild(paths, archive, await digestFile(archive), record);
  utimesSync(archive, 1, 1);
  expect(await recallByContent(paths, archive, plainDigests())).toMatchObject({ record });
  // By then, nothing has to be read for it.
  expect(recallBuild(paths, archive)).toMatchObject({ record });
  writeFileSync(archive, "AN IMAGE");
  utimesSync(archive, 1, 1);
  expect(await recallByContent(paths, archive, plainDigests())).toBeUndefined();
});

test("a record that was kept earlier, without a version, is known still", () => {
  const { paths, archive, file } = buildArchive();
  copyFileSync(join(import.meta.dirname, "../../../tests/fixtures/kept-files/build-record-0.json"), file);
  writeFileSync(archive, Buffer.alloc(12_362_812));
  utimesSync(archive, 1795625954.100494, 1795625954.100494);
  const known = recallBuild(paths, archive)?.record;
  expect(known).toMatchObject({ milliseconds: 19684, steps: { boot: 16718 } });
  // Of the setup image, its time of change was recorded.
  const kinds = ["recipe", "cd-file", "cd-file", "guest-tools"];
  expect(known?.inputs.map(({ kind }) => kind)).toEqual(kinds);
});

test("a newer Tinsmith's record is not used, and not written over by a build", () => {
  const { paths, archive, file } = buildArchive();
  const newer = JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), version: 4 });
  writeFileSync(file, newer);
  expect(recallBuild(paths, archive)).toBeUndefined();
  rememberBuild(paths, archive, "60", record);
  expect(readFileSync(file, "utf8")).toBe(newer);
});
