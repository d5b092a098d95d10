import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makePrivateFolder } from "../files/private-folder.ts";
import { findPaths, sessionPaths } from "./paths.ts";

test("TINSMITH_HOME holds everything", () => {
  expect(findPaths({ TINSMITH_HOME: "/srv/ts" })).toEqual({
    sessions: "/srv/ts/sessions",
    knownImages: "/srv/ts/known-images",
    allowedSigners: "/srv/ts/allowed_signers",
    uploads: "/srv/ts/uploads",
    knownStates: "/srv/ts/known-states.json",
    builds: "/srv/ts/builds",
    fileLists: "/srv/ts/file-lists",
    matrices: "/srv/ts/matrices",
    slurm: "/srv/ts/slurm",
    settings: "/srv/ts/settings.json",
    windowState: "/srv/ts/window-state.json",
    images: "/srv/ts/images",
    cache: "/srv/ts/cache",
    digests: "/srv/ts/cache/digests.json",
    sessionSummaries: "/srv/ts/cache/session-summaries.json",
    sockets: "/srv/ts/run",
  });
});

test("without it the XDG folders do", () => {
  const env = {
    XDG_STATE_HOME: "/h/state",
    XDG_DATA_HOME: "/h/data",
    XDG_CACHE_HOME: "/h/cache",
    XDG_RUNTIME_DIR: "/run/user/1",
  };
  expect(findPaths(env)).toEqual({
    sessions: "/h/state/tinsmith/sessions",
    knownImages: "/h/state/tinsmith/known-images",
    allowedSigners: "/h/state/tinsmith/allowed_signers",
    uploads: "/h/state/tinsmith/uploads",
    knownStates: "/h/state/tinsmith/known-states.json",
    builds: "/h/state/tinsmith/builds",
    fileLists: "/h/state/tinsmith/file-lists",
    matrices: "/h/state/tinsmith/matrices",
    slurm: "/h/state/tinsmith/slurm",
    settings: "/h/state/tinsmith/settings.json",
    windowState: "/h/state/tinsmith/window-state.json",
    images: "/h/data/tinsmith/images",
    cache: "/h/cache/tinsmith/cache",
    digests: "/h/cache/tinsmith/cache/digests.json",
    sessionSummaries: "/h/cache/tinsmith/cache/session-summaries.json",
    sockets: "/h/state/tinsmith/run",
  });
});

test("terminals with other runtime folders, or none, have the same sockets", () => {
  const one = findPaths({ HOME: "/home/a", XDG_RUNTIME_DIR: "/run/user/1" });
  expect(findPaths({ HOME: "/home/a", XDG_RUNTIME_DIR: "/tmp/other" })).toEqual(one);
  expect(findPaths({ HOME: "/home/a" })).toEqual(one);
});

test.each([
  ["too long a name", `/srv/${"x".repeat(90)}`],
  ["a character that means something to QEMU", "/srv/a,b"],
])("sockets move to a short folder of the home's own when it has %s", (_what, home) => {
  const paths = findPaths({ TINSMITH_HOME: home });
  expect(paths.sessions).toBe(`${home}/sessions`);
  expect(paths.sockets).toMatch(/^\/tmp\/tinsmith-\d+-[0-9a-f]{8}$/);
  expect(findPaths({ TINSMITH_HOME: `${home}2` }).sockets).not.toBe(paths.sockets);
  expect(sessionPaths(paths, "20261123-010405-da59").socketFolder.length).toBeLessThanOrEqual(60);
});

test("the longest path that sockets are kept below leaves room for each of them, for the relay's, too", () => {
  const longest = `/srv/${"x".repeat(58)}`;
  const files = sessionPaths(findPaths({ TINSMITH_HOME: longest }), "20261123-010405-da59");
  expect(files.serialSocket).toBe(`${longest}/run/20261123-010405-da59/serial.sock`);
  expect(files.serialSocket).toHaveLength(100);
  expect(findPaths({ TINSMITH_HOME: `${longest}x` }).sockets).toMatch(/^\/tmp/);
});

test("an empty TINSMITH_HOME counts as none", () => {
  expect(findPaths({ TINSMITH_HOME: "", XDG_STATE_HOME: "/h/state" }).sessions).toBe(
    "/h/state/tinsmith/sessions",
  );
});

test("a folder for sockets that another user has made, or put a link in place of, is refused", () => {
  const parent = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const own = join(parent, "own");
  makePrivateFolder(own);
  const link = join(parent, "link");
  symlinkSync(own, link);
  expect(() => makePrivateFolder(link)).toThrow("link is not a folder of this user");
  const foreign = process.getuid?.() === 0 ? join(parent, "foreign") : "/var";
  if (foreign !== "/var") {
    mkdirSync(foreign);
    chownSync(foreign, 65534, 65534);
  }
  expect(() => makePrivateFolder(foreign)).toThrow(`${foreign} is not a folder of this user`);
});

test.each(["", ".", "..", "../..", "a/b", "/etc"])("%j names no session: no path is made of it", (id) => {
  const paths = findPaths({ TINSMITH_HOME: "/home/me/t" });
  expect(() => sessionPaths(paths, id)).toThrow(`${JSON.stringify(id)} is not the id of a session`);
});
