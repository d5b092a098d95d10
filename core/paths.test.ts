import { expect, test } from "vitest";
import { findPaths, sessionPaths } from "./paths.ts";

test("TINSMITH_HOME holds everything", () => {
  expect(findPaths({ TINSMITH_HOME: "/srv/ts" })).toEqual({
    sessions: "/srv/ts/sessions",
    knownImages: "/srv/ts/known-images",
    builds: "/srv/ts/builds",
    settings: "/srv/ts/settings.json",
    images: "/srv/ts/images",
    cache: "/srv/ts/cache",
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
    builds: "/h/state/tinsmith/builds",
    settings: "/h/state/tinsmith/settings.json",
    images: "/h/data/tinsmith/images",
    cache: "/h/cache/tinsmith/cache",
    sockets: "/run/user/1/tinsmith/run",
  });
});

test.each([
  ["too long a name", `/srv/${"x".repeat(60)}`],
  ["a character that means something to QEMU", "/srv/a,b"],
])("sockets move to a short folder of the home's own when it has %s", (_what, home) => {
  const paths = findPaths({ TINSMITH_HOME: home });
  expect(paths.sessions).toBe(`${home}/sessions`);
  expect(paths.sockets).toMatch(/^\/tmp\/tinsmith-\d+-[0-9a-f]{8}$/);
  expect(findPaths({ TINSMITH_HOME: `${home}2` }).sockets).not.toBe(paths.sockets);
  expect(sessionPaths(paths, "20261123-010405-da59").socketFolder.length).toBeLessThanOrEqual(60);
});
