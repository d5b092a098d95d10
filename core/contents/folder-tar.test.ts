import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tarOfFolder } from "./folder-tar.ts";
import { contentsOf } from "./tree/test-contents.ts";

test("a folder becomes a tar archive with links, permissions, owners and times, which GNU tar reads", async () => {
  const contents = contentsOf(
    { top: { program: "#!/bin/sh\n", folder: { other: "" }, link: "", socket: "" } },
    {
      program: { mode: 0o4755, uid: 1, gid: 2, modified: Date.UTC(2026, 0, 2), inode: 50, links: 2 },
      other: { inode: 50, links: 2 },
      link: { kind: "symlink", target: Buffer.from("../elsewhere") },
      socket: { kind: "socket" },
    },
  );
  const bytes = Buffer.concat(await Array.fromAsync(tarOfFolder(contents, await contents.find("/top"))));
  const listed = execFileSync("tar", ["-tvf", "-", "--numeric-owner", "--utc"], {
    input: bytes,
    encoding: "utf8",
  });
  expect(listed.trim().split("\n")).toEqual([
    expect.stringMatching(/^drwxr-xr-x 0\/0 +0 1970-01-01 00:00 folder\/$/),
    expect.stringMatching(/^-rw.* 1970-01-01 00:00 folder\/other$/),
    expect.stringMatching(/^lrw.* link -> \.\.\/elsewhere$/),
    expect.stringMatching(/^hrwsr-xr-x 1\/2 +0 2026-01-02 00:00 program link to folder\/other$/),
  ]);
  expect(execFileSync("tar", ["-xOf", "-", "folder/other"], { input: bytes, encoding: "utf8" })).toBe("");
});

test("names and targets are as they are, escaped only if they are not UTF-8, and a missing time is 1970", async () => {
  const name = "back\\slash\nline";
  const contents = contentsOf(
    { top: { [name]: "text", "\xff": "", link: "" } },
    {
      [name]: { modified: undefined },
      link: { kind: "symlink", target: Buffer.from("a\\b"), modified: undefined },
    },
  );
  const input = Buffer.concat(await Array.fromAsync(tarOfFolder(contents, await contents.find("/top"))));
  const options = ["-tvf", "-", "--utc", "--quoting-style=escape"];
  const listed = execFileSync("tar", options, { input, encoding: "utf8" });
  expect(listed.trim().split("\n")).toEqual([
    expect.stringMatching(/ 1970-01-01 00:00 back\\\\slash\\nline$/),
    expect.stringMatching(/ 1970-01-01 00:00 link -> a\\\\b$/),
    expect.stringMatching(/ \\\\xff$/),
  ]);
});

test("a device keeps its numbers, also one with a long name", async () => {
  const long = "n".repeat(150);
  const contents = contentsOf(
    { dev: { sda1: "", [long]: "", plain: "" } },
    {
      sda1: { kind: "block-device", device: { major: 8, minor: 1 } },
      [long]: { kind: "char-device", device: { major: 4095, minor: 4_000_000 } },
    },
  );
  const input = Buffer.concat(await Array.fromAsync(tarOfFolder(contents, await contents.find("/dev"))));
  const listed = execFileSync("tar", ["-tvf", "-"], { input, encoding: "utf8" });
  expect(listed.trim().split("\n")).toEqual([
    expect.stringMatching(new RegExp(`^crw.* 4095,4000000 .* ${long}$`)),
    expect.stringMatching(/ plain$/),
    expect.stringMatching(/^brw.* 8,1 .* sda1$/),
  ]);
});
