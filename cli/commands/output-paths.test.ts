import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome } from "../../core/session/serve/test-session.ts";
import { tinsmith } from "../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test.each([
  [["run", "file", "--pcap", "gone/new.pcap", "--", "true"], "gone does not exist"],
  [["run", "file", "--pcap", "folder", "--", "true"], "folder is a folder"],
  [["meta", "--socket", "gone/new.sock", "--", "true"], "gone does not exist"],
  [["meta", "--socket", "file", "--", "true"], "file already exists"],
  [["scenario", "save", "no-session", "gone/new.yaml"], "gone does not exist"],
  [["scenario", "save", "no-session", "file"], "file already exists"],
  [["sessions", "recording", "no-session", "folder"], "folder already exists"],
  [["pack", "folder", "gone/new.tar.lz4"], "gone does not exist"],
])("an output that can't be written is refused before anything begins: %j", async (args, message) => {
  const home = resolve(newHome().sessions, "..");
  writeFileSync(join(home, "file"), "");
  mkdirSync(join(home, "folder"));
  const { stderr, exitStatus } = await tinsmith(home, args);
  expect(stderr).toContain(`error: ${home}/${message}\n`);
  expect(exitStatus).toBe(2);
  expect(existsSync(join(home, "sessions"))).toBe(false);
});
