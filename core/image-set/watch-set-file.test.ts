import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchSetFile } from "./watch-set-file.ts";

function watchedSet() {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), "watch-set-file-")));
  onTestFinished(() => rmSync(workspace, { recursive: true }));
  mkdirSync(join(workspace, "small"));
  writeFileSync(join(workspace, "small/recipe.yaml"), "size: 1");
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const contents = watchSetFile(join(workspace, "small/setup.sh"), () => [workspace], ended.signal);
  const next = async () => (await contents.next()).value;
  return { workspace, path: join(workspace, "small/setup.sh"), next };
}

test("a file is told as it is, and whenever it has changed", async () => {
  const { path, next } = watchedSet();
  writeFileSync(path, "one");
  expect(await next()).toMatchObject({ text: "one" });
  writeFileSync(path, "two");
  expect(await next()).toMatchObject({ text: "two" });
});

test("a file that is not there may come, and go again", async () => {
  const { path, next } = watchedSet();
  expect(await next()).toBeNull();
  writeFileSync(path, "one");
  expect(await next()).toMatchObject({ text: "one" });
  rmSync(path);
  expect(await next()).toBeNull();
});

test("a file outside the image sets is refused", async () => {
  const { workspace } = watchedSet();
  const contents = watchSetFile(join(workspace, "secret"), () => [workspace], undefined);
  await expect(contents.next()).rejects.toMatchObject({ code: "usage" });
});
