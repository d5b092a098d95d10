import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTemporaryFolder } from "./temporary-folder.ts";

function newParent(): string {
  const parent = mkdtempSync(join(tmpdir(), "parent-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return parent;
}

test("the folder of a killed process goes when another one makes its own; one that is used, or has another name, stays", async () => {
  const parent = newParent();
  const file = join(import.meta.dirname, "temporary-folder.ts");
  const script = `
    const { createTemporaryFolder } = await import(${JSON.stringify(file)});
    console.log(createTemporaryFolder("import", "a test", ${JSON.stringify(parent)}).path);
    process.stdin.resume();`;
  const child = execFile(process.execPath, ["--input-type=module", "-e", script]);
  const [left] = await once(child.stdout ?? child, "data");
  const path = `${left}`.trim();
  writeFileSync(join(path, "disk.img"), "half");
  // Of another kind of work, and of no kind.
  const others = [".tinsmith-export-other", ".tinsmith-import-other"];
  for (const name of others) mkdirSync(join(parent, name));
  {
    using _used = createTemporaryFolder("import", "a test", parent);
    expect(existsSync(join(path, "disk.img"))).toBe(true);
  }
  child.kill("SIGKILL");
  await once(child, "exit");
  {
    using other = createTemporaryFolder("import", "a test", parent);
    using third = createTemporaryFolder("import", "a test", parent);
    expect(existsSync(path)).toBe(false);
    expect([other, third].map(({ path }) => existsSync(path))).toEqual([true, true]);
  }
  expect(readdirSync(parent)).toEqual(others);
});
