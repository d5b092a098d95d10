import { expect, test } from "vitest";
import { compareLists } from "./compare-lists.ts";
import type { ListedEntry } from "./file-list.ts";

const folder = (path: string): ListedEntry => ({
  ...{ path, kind: "folder", mode: 0o755, size: 4096, allocated: 4096, links: 2 },
});
const file = (path: string, content: string, more: Partial<ListedEntry> = {}): ListedEntry => ({
  ...{ path, kind: "file", mode: 0o644, modified: 1, allocated: 0, links: 1 },
  ...{ size: content.length, digest: content },
  ...more,
});

function compare(first: readonly ListedEntry[], second: readonly ListedEntry[], options = {}) {
  const { changes, growth } = compareLists(
    { entries: [...first], problems: [] },
    { entries: [...second], problems: [] },
    options,
  );
  return { growth, changes: changes.map(({ path, change, metadata }) => [path, change, ...metadata]) };
}

test("equal images have no differences", () => {
  const files = [folder("/a"), file("/a/b", "content")];
  expect(compare(files, files)).toEqual({ growth: 0, changes: [] });
});

test("added, removed and changed files count with their bytes, metadata with none", () => {
  const first = [file("/gone", "1234"), file("/grown", "12"), file("/same", "1")];
  const second = [
    file("/grown", "12345"),
    file("/new", "123456"),
    file("/same", "1", { mode: 0o600, modified: 2 }),
  ];
  expect(compare(first, second)).toEqual({
    growth: -4 + 3 + 6,
    changes: [
      ["/gone", "removed"],
      ["/grown", "changed"],
      ["/new", "added"],
      ["/same", "metadata", "mode", "modified"],
    ],
  });
});

test("metadata that is ignored makes no difference, nor does a path that is left out", () => {
  const options = { ignored: ["modified"], leaveOut: (path: string) => path.startsWith("/tmp/") };
  const first = [file("/a", "1"), file("/tmp/x", "1")];
  expect(compare(first, [file("/a", "1", { modified: 9 })], options).changes).toEqual([]);
});

test("a changed archive tells its changed files, and grows by its own bytes", () => {
  const first = [file("/my.tgz", "1234"), file("/my.tgz/a", "1"), file("/my.tgz/b", "1")];
  const second = [file("/my.tgz", "123456"), file("/my.tgz/a", "123456789"), file("/my.tgz/b", "1")];
  expect(compare(first, second)).toEqual({ growth: 2, changes: [["/my.tgz/a", "changed"]] });
});

test("an archive is changed if its bytes differ, and none of its files tells why", () => {
  const first = [file("/my.tgz", "1234"), file("/my.tgz/in.tar", "12"), file("/my.tgz/in.tar/a", "1")];
  const second = [file("/my.tgz", "123456"), file("/my.tgz/in.tar", "12"), file("/my.tgz/in.tar/a", "1")];
  expect(compare(first, second)).toEqual({ growth: 2, changes: [["/my.tgz", "changed"]] });
  const inner = second.map((entry) => (entry.path.endsWith(".tar") ? { ...entry, digest: "other" } : entry));
  expect(compare(first, inner).changes).toEqual([["/my.tgz/in.tar", "changed"]]);
});

test("a difference in an archive that is ignored or left out tells why its bytes differ", () => {
  const first = [file("/my.tgz", "1234"), file("/my.tgz/a", "1"), file("/my.tgz/log", "1")];
  const touched = [
    file("/my.tgz", "5678"),
    file("/my.tgz/a", "1", { modified: 9 }),
    file("/my.tgz/log", "1"),
  ];
  expect(compare(first, touched, { ignored: ["modified"] }).changes).toEqual([]);
  const logged = [file("/my.tgz", "5678"), file("/my.tgz/a", "1"), file("/my.tgz/log", "2")];
  const leaveOut = (path: string) => path.endsWith("/log");
  expect(compare(first, logged, { leaveOut }).changes).toEqual([]);
});

test("an archive that is new or gone tells nothing of its files", () => {
  const archive = [file("/my.tgz", "1234"), file("/my.tgz/a", "1")];
  expect(compare([], archive)).toEqual({ growth: 4, changes: [["/my.tgz", "added"]] });
  expect(compare(archive, [])).toEqual({ growth: -4, changes: [["/my.tgz", "removed"]] });
});

test("a symbolic link to elsewhere is changed", () => {
  const link = (target: string): ListedEntry => ({
    ...{ path: "/l", kind: "symlink", target, size: target.length, allocated: 0, links: 1 },
  });
  expect(compare([link("a")], [link("b")])).toEqual({ growth: 0, changes: [["/l", "changed"]] });
});

test("the differences that two builds from the same may have are marked", () => {
  const time = (path: string) => file(path, "1", { modified: 5 });
  const first = [time("/etc/motd"), time("/etc/mode"), time("/etc/both")];
  const second = [
    { ...time("/etc/motd"), modified: 6 },
    { ...time("/etc/mode"), modified: 6, mode: 0o777 },
    { ...time("/etc/both"), modified: 6, digest: "2" },
    file("/p/var/log/messages", "1"),
    file("/p/etc/seed", "2"),
    file("/var/lib/random-seed", "3"),
  ];
  const { changes } = compareLists({ entries: first, problems: [] }, { entries: second, problems: [] });
  expect(changes.map(({ path, expected }) => [path, expected])).toEqual([
    ["/etc/both", undefined],
    ["/etc/mode", undefined],
    ["/etc/motd", "the time of the build, by the guest's clock"],
    ["/p/etc/seed", undefined],
    ["/p/var/log/messages", "the guest's logs, with their times"],
    ["/var/lib/random-seed", "random bytes for the next boot"],
  ]);
});
