import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findInstallIso } from "./install-iso.ts";

function newFolder(): { folder: string; cache: string } {
  const root = mkdtempSync(join(tmpdir(), "tinsmith-iso-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const places = { folder: join(root, "set"), cache: join(root, "cache") };
  for (const place of Object.values(places)) mkdirSync(place);
  return places;
}

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** An address at which a server gives this content. */
async function serve(content: string): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/core.iso" ? 200 : 404;
    response.end(content);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${Object(server.address()).port}`;
}

const isosIn = (cache: string) => readdirSync(join(cache, "isos"));

test("a file is taken where it is, relative to the recipe's folder", async () => {
  const places = newFolder();
  writeFileSync(join(places.folder, "core.iso"), "iso");
  expect(await findInstallIso({ path: "core.iso" }, places)).toBe(join(places.folder, "core.iso"));
  await expect(findInstallIso({ path: "other.iso" }, places)).rejects.toMatchObject({
    code: "missing-file",
    message: `${places.folder}/other.iso does not exist`,
  });
});

test("an ISO is built in the recipe's folder, and again only when its inputs have changed", async () => {
  const places = newFolder();
  writeProgram(join(places.folder, "build.sh"), 'echo run >> runs; cat content > "$2"');
  const write = (content: string) => writeFileSync(join(places.folder, "content"), content);
  const source = { build: ["./build.sh", "--out"] as [string, ...string[]], inputs: ["build.sh", "content"] };
  const find = () => findInstallIso(source, places);

  write("first");
  const first = await find();
  expect(readFileSync(first, "utf8")).toBe("first");
  expect(await find()).toBe(first);
  write("second");
  expect(readFileSync(await find(), "utf8")).toBe("second");
  expect(readFileSync(join(places.folder, "runs"), "utf8")).toBe("run\nrun\n");
});

test("a build that fails leaves no ISO", async () => {
  const places = newFolder();
  writeProgram(join(places.folder, "build.sh"), 'echo half > "$1"; echo no space >&2; exit 1');
  const source = { build: ["./build.sh"] as [string], inputs: ["build.sh"] };
  await expect(findInstallIso(source, places)).rejects.toMatchObject({
    code: "command-failed",
    details: [expect.stringContaining("build.sh"), "no space"],
  });
  expect(isosIn(places.cache)).toEqual([]);
});

test("a download is checked against its digest, and made once", async () => {
  const places = newFolder();
  const sha256 = createHash("sha256").update("the iso").digest("hex");
  const url = `${await serve("the iso")}/core.iso`;
  const path = await findInstallIso({ url, sha256 }, places);
  expect(readFileSync(path, "utf8")).toBe("the iso");
  expect(await findInstallIso({ url: "http://127.0.0.1:1/gone", sha256 }, places)).toBe(path);
});
