import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../session/serve/test-session.ts";
import { rememberImage, warnOfStranger } from "./known-images.ts";

const [own, other] = ["a".repeat(64), "b".repeat(64)] as const;

test("an image from elsewhere comes with a warning, one of one's own does not", () => {
  const paths = newHome();
  expect(warnOfStranger(paths, "/own.tar.lz4", own)).toContain("/own.tar.lz4 was not made here");
  rememberImage(paths, own);
  expect(warnOfStranger(paths, "/own.tar.lz4", own)).toBeUndefined();
  expect(warnOfStranger(paths, "/other.tar.lz4", other)).toContain("/other.tar.lz4 was not made here");
  rememberImage(paths, other);
  expect(readFileSync(paths.knownImages, "utf8")).toBe(`version 1\n${own}\n${other}\n`);
});

test("a list that was kept earlier, without a version, is known still, and goes on", () => {
  const paths = newHome();
  mkdirSync(dirname(paths.knownImages), { recursive: true });
  copyFileSync(
    join(import.meta.dirname, "../../tests/fixtures/kept-files/known-images-0"),
    paths.knownImages,
  );
  const kept = "a68cda5945141d43c47cf1ec854fbf68630d6300989a1f3cc4d56bafb9f9ec82";
  expect(warnOfStranger(paths, "/own.tar.lz4", kept)).toBeUndefined();
  rememberImage(paths, own);
  expect(warnOfStranger(paths, "/own.tar.lz4", own)).toBeUndefined();
});

test("beside a newer Tinsmith's list every image comes with a warning, and the list stays as it is", () => {
  const paths = newHome();
  mkdirSync(dirname(paths.knownImages), { recursive: true });
  writeFileSync(paths.knownImages, `version 2\n${own}\n`);
  rememberImage(paths, other);
  expect(readFileSync(paths.knownImages, "utf8")).toBe(`version 2\n${own}\n`);
  expect(warnOfStranger(paths, "/own.tar.lz4", own)).toContain(
    `Tinsmith can't tell whether /own.tar.lz4 was made here: the file ${paths.knownImages} holds a list of known images of version 2`,
  );
});
