import { expect, test } from "vitest";
import type { ListedEntry } from "../../shared/contents/file-list.ts";
import { digestFiles } from "./files-digest.ts";

const file = (path: string, digest: string, more: Partial<ListedEntry> = {}): ListedEntry => ({
  ...{ path, kind: "file", mode: 0o644, uid: 0, gid: 0, size: 1, allocated: 4096, links: 1, digest },
  ...more,
});
const digestOf = (...entries: ListedEntry[]) => digestFiles({ entries, problems: [] });

test("the order, times and places of files don't count", () => {
  const digest = digestOf(file("/a", "1", { modified: 1 }), file("/b", "2"));
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf(file("/b", "2", { allocated: 0 }), file("/a", "1", { modified: 2 }))).toBe(digest);
});

test.each([
  ["path", file("/b", "1")],
  ["content", file("/a", "2")],
  ["mode", file("/a", "1", { mode: 0o755 })],
  ["owner", file("/a", "1", { uid: 1 })],
  ["group", file("/a", "1", { gid: 1 })],
  ["kind", file("/a", "1", { kind: "folder" })],
  ["target", file("/a", "1", { target: "x" })],
])("another %s counts", (_what, changed) => {
  expect(digestOf(changed)).not.toBe(digestOf(file("/a", "1")));
});

test("an archive whose files are listed counts as these", () => {
  const inner = file("/a.tgz/a", "3");
  expect(digestOf(file("/a.tgz", "1"), inner)).toBe(digestOf(file("/a.tgz", "2"), inner));
  expect(digestOf(file("/a.tgz", "1"), inner)).not.toBe(
    digestOf(file("/a.tgz", "1"), { ...inner, digest: "4" }),
  );
});
