import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { maximumSetFileBytes } from "../../shared/library/set-file.ts";
import { PartialFile } from "../files/writing/partial-file.ts";
import { readSetFile, saveSetFile } from "./edit-set-file.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "set-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A script as it was read. */
function makeScript() {
  const path = join(makeFolder(), "setup.sh");
  writeFileSync(path, "echo 1\n", { mode: 0o755 });
  const digest = readSetFile(path)?.digest ?? null;
  return { path, digest };
}

test("what was read can be written anew, and stays a program", async () => {
  const { path, digest } = makeScript();
  const text = "\ufeffecho 2\r\n";
  const saved = await saveSetFile(path, { text, replaces: digest });
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(readSetFile(path)).toEqual({ text, digest: saved });
  expect(statSync(path).mode & 0o777).toBe(0o755);
});

test("a file that was not there is null, and can be written", async () => {
  const path = join(makeFolder(), "new.sh");
  expect(readSetFile(path)).toBeNull();
  await saveSetFile(path, { text: "new", replaces: null });
  expect(readFileSync(path, "utf8")).toBe("new");
});

test.each([
  ["has changed since", (path: string) => writeFileSync(path, "somebody else's")],
  ["is gone", (path: string) => rmSync(path)],
])("a file that %s is not written over, and nothing is left beside it", async (_title, change) => {
  const { path, digest } = makeScript();
  change(path);
  const before = readSetFile(path);
  await expect(saveSetFile(path, { text: "mine", replaces: digest })).rejects.toMatchObject({
    code: "file-changed",
    message: expect.stringContaining(path),
  });
  expect(readSetFile(path)).toEqual(before);
  expect(readdirSync(join(path, ".."))).toEqual(before ? ["setup.sh"] : []);
});

test("a file that somebody has made meanwhile is not written over", async () => {
  const { path } = makeScript();
  await expect(saveSetFile(path, { text: "mine", replaces: null })).rejects.toMatchObject({
    code: "file-changed",
  });
});

test("while another process writes the file, it says so", async () => {
  const { path, digest } = makeScript();
  await using _other = await PartialFile.create(path);
  await expect(saveSetFile(path, { text: "mine", replaces: digest })).rejects.toMatchObject({ code: "busy" });
});

test("a text over 1 MiB is neither written nor read", async () => {
  const { path, digest } = makeScript();
  const text = "x".repeat(maximumSetFileBytes + 1);
  await expect(saveSetFile(path, { text, replaces: digest })).rejects.toMatchObject({ code: "usage" });
  expect(readFileSync(path, "utf8")).toBe("echo 1\n");
  writeFileSync(path, text);
  expect(() => readSetFile(path)).toThrow(/over 1 MiB/);
  writeFileSync(path, text.slice(1));
  expect(readSetFile(path)?.text).toHaveLength(maximumSetFileBytes);
});

test("a file that is no text is refused", () => {
  const { path } = makeScript();
  writeFileSync(path, Buffer.from([0xff, 0xfe]));
  expect(() => readSetFile(path)).toThrow(/is not UTF-8 text/);
});

test("a folder that is gone is said", async () => {
  const { path } = makeScript();
  rmSync(path);
  const gone = join(path, "..", "gone", "setup.sh");
  await expect(saveSetFile(gone, { text: "mine", replaces: null })).rejects.toMatchObject({
    code: "missing-file",
  });
});

test("the first scenario of an image set makes their folder", async () => {
  const { path } = makeScript();
  const scenario = join(path, "..", "scenarios", "first.yaml");
  await saveSetFile(scenario, { text: "name: first", replaces: null });
  expect(readSetFile(scenario)?.text).toBe("name: first");
});

test("a path that no file can have is refused in words", async () => {
  const { path } = makeScript();
  const save = (name: string) => saveSetFile(join(path, "..", name), { text: "mine", replaces: null });
  await expect(save("a\0.sh")).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("NUL"),
  });
  await expect(save("a".repeat(300))).rejects.toMatchObject({ code: "path-too-long" });
});
