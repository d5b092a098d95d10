import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { cacheEntriesFolder, findPaths } from "../../core/storage/paths.ts";
import { changeSettings } from "../../core/storage/settings-store.ts";

const processes = 4;
const times = 100;

test("a cache that has room for one entry never deletes one that a process uses, and keeps no partial one", async () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const env = { TINSMITH_HOME: home };
  const paths = findPaths(env);
  changeSettings(paths, { retention: { sessions: 50, sessionsGib: 1, cacheGib: 100_000 / 1024 ** 3 } });
  const script = join(import.meta.dirname, "cache/use-entries.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, `${times}`];
  // Each of them ends with an error as soon as it misses a file of an entry that it holds.
  const users = await Promise.all(
    Array.from({ length: processes }, () => execa(process.execPath, args, { env })),
  );
  const made = users.reduce((sum, { stdout }) => sum + Number(stdout), 0);
  // There are four, which were deleted meanwhile, and made again.
  expect(made).toBeGreaterThan(4);
  expect(made).toBeLessThan(processes * times);
  expect(readdirSync(cacheEntriesFolder(paths, "image")).join()).toMatch(/^(entry-\d,?){1,4}$/);
});
