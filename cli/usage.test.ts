import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome } from "../core/session/serve/test-session.ts";
import { environment, outcomeOf, program, tinsmith } from "./support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

const newFolder = () => resolve(newHome().sessions, "..");

test.each([
  [["inspect", ""], "error: argument 'IMAGE' is empty", "tinsmith inspect"],
  [["extract", "a.tar.lz4", ""], "error: argument 'FOLDER' is empty", "tinsmith extract"],
  [["get", "/etc/passwd", ""], "error: argument 'FILE' is empty", "tinsmith get"],
  [["meta", "--socket", "", "true"], "error: option '--socket <PATH>' has an empty value", "tinsmith meta"],
  [["rebuild", "--recipe", ""], "error: option '--recipe <FOLDER>' has an empty value", "tinsmith rebuild"],
  [["rebuild", "--retry", ""], "error: option '--retry <SESSION>' has an empty value", "tinsmith rebuild"],
  [
    ["power", "off", "--session", ""],
    "error: option '--session <ID>' has an empty value",
    "tinsmith power off",
  ],
  [["pack", "d", "o\ufffd.tar.lz4"], "error: argument 'OUT' is not UTF-8: o\ufffd.tar.lz4", "tinsmith pack"],
  [
    ["meta", "--socket", "o\ufffd", "true"],
    "error: the value of option '--socket <PATH>' is not UTF-8: o\ufffd",
    "tinsmith meta",
  ],
  [["inspect", "a", "b"], "error: too many arguments for 'inspect'", "tinsmith inspect"],
  [["no-such-command"], "error: unknown command 'no-such-command'", "tinsmith COMMAND"],
])("%j is refused, and the command's help is named", async (args, message, helped) => {
  const { exitStatus, stderr } = await tinsmith(newFolder(), args);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(new RegExp(`\\n\\(${helped} --help shows what it takes\\)\n`));
  expect(exitStatus).toBe(2);
});

test("a name that is not UTF-8 is refused, also that of the folder for Tinsmith's own files", async () => {
  const home = newFolder();
  const inShell = async (script: string) => {
    const child = spawn("bash", ["-c", script, program], { cwd: home, env: environment(home) });
    return await outcomeOf(child);
  };
  expect(await inShell(`"$0" extract missing.tar.lz4 $'o\\xff'`)).toMatchObject({
    exitStatus: 2,
    stderr: expect.stringContaining("error: argument 'FOLDER' is not UTF-8: o\ufffd\nRename the file"),
  });
  expect(await inShell(`TINSMITH_HOME=$PWD/$'o\\xff' "$0" sessions`)).toMatchObject({
    exitStatus: 2,
    stderr: expect.stringContaining("Set TINSMITH_HOME to another folder."),
  });
  expect(readdirSync(home)).toEqual([]);
});

test("the command of a task may have empty words, and a path that is too long is wrong usage", async () => {
  const missing = await tinsmith(newFolder(), ["run", "missing.tar.lz4", "--", "printf", ""]);
  expect(missing.stderr).toContain("missing.tar.lz4 does not exist");
  const long = await tinsmith(newFolder(), ["inspect", "a".repeat(300)]);
  expect(long).toMatchObject({ exitStatus: 2, stderr: expect.stringContaining("is too long") });
});

test("an argument of any length is shown in a short message", async () => {
  const { stderr } = await tinsmith(newFolder(), ["inspect", `--${"a".repeat(50_000)}`]);
  expect(stderr).toMatch(/^error: unknown option '--aaa/);
  expect(stderr.length).toBeLessThan(1000);
});

test.each(["../..", ".deleted", "20260101-000000-beef"])(
  "a retry of %s, which is not a session, is refused before anything is built",
  async (id) => {
    const home = newFolder();
    const { exitStatus, stderr } = await tinsmith(home, ["rebuild", "worker", "--retry", id]);
    expect(stderr).toContain(`error: there is no session ${JSON.stringify(id)} in `);
    expect(stderr).toContain("tinsmith sessions --all");
    expect(exitStatus).toBe(2);
    expect(readdirSync(home)).toEqual([]);
  },
);
