import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import packageJson from "../../package.json" with { type: "json" };
import { expect, test } from "./fixtures.ts";

const project = resolve(import.meta.dirname, "../..");
const script = join(project, packageJson.scripts.start);

test("npm start serves the window to a browser where there is no Electron, and says so", async ({ home }) => {
  const start = execa(script, {
    // The package's installer then leaves the download out.
    env: { TINSMITH_HOME: home, ELECTRON_OVERRIDE_DIST_PATH: home, ELECTRON_SKIP_BINARY_DOWNLOAD: "1" },
    reject: false,
  });
  const [address] = await once(start.stdout, "data");
  expect(`${address}`).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  start.kill("SIGINT");
  const { stderr } = await start;
  expect(stderr).toContain("the window opens in a browser instead");
});

test("npm start runs Electron on this checkout where there is one", async ({ home }) => {
  const folder = join(home, "electron");
  mkdirSync(folder);
  writeFileSync(join(folder, "electron"), `#!/bin/sh\nprintf '%s\\n' "$@" >${join(home, "arguments")}\n`);
  chmodSync(join(folder, "electron"), 0o755);
  await execa(script, ["some.iso"], { env: { ELECTRON_OVERRIDE_DIST_PATH: folder } });
  expect(readFileSync(join(home, "arguments"), "utf8")).toBe(`${project}\nsome.iso\n`);
});
