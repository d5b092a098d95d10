import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createRouterClient } from "@orpc/server";
import { expect, test } from "vitest";
import type { Paths } from "../paths.ts";
import { newHome } from "../session/test-session.ts";
import { createApp } from "./app.ts";

const notScripted = () => Promise.reject(new Error("the test has no script for this"));

function newApp(paths: Paths) {
  return createRouterClient(
    createApp({
      paths,
      version: "0.0.0",
      workspace: "/images",
      startSession: notScripted,
      stopSession: notScripted,
      reveal: notScripted,
    }),
  );
}

test("the app comes up beside a newer Tinsmith's settings, and refuses to change them", async () => {
  const paths = newHome();
  mkdirSync(dirname(paths.settings), { recursive: true });
  writeFileSync(paths.settings, '{"version": 2}');
  const app = newApp(paths);
  const settings = await app.settings.watch();
  expect((await settings.next()).value).toMatchObject({
    theme: "system",
    workspaces: ["/images"],
    problem: { code: "newer-version" },
  });
  await settings.return();
  await expect(app.settings.change({ theme: "dark" })).rejects.toMatchObject({
    message: expect.stringContaining("of version 2"),
  });
});

test("what goes wrong in the middle of a stream says what and what to do, as any other error does", async () => {
  const app = newApp(newHome());
  const progress = await app.exports.write({ id: "none", target: "/tmp/none.tar.gz", leaveOut: [] });
  await expect(progress.next()).rejects.toMatchObject({
    data: { code: "no-session", message: expect.stringContaining('no session "none"') },
  });
});
