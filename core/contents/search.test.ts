import { expect, test } from "vitest";
import { tarOfFolder } from "./folder-tar.ts";
import { search } from "./search.ts";
import { contentsOf } from "./tree/test-contents.ts";

async function found(files: Parameters<typeof contentsOf>[0], text: string, part: "names" | "contents") {
  const contents = contentsOf(files);
  const matches = search(contents, { from: contents.top, text, part });
  const paths: string[] = [];
  for (;;) {
    const { done, value } = await matches.next();
    if (done) return { paths, isWhole: value };
    paths.push(value.path);
  }
}

test("names are found in any case, of files and of folders", async () => {
  const files = { etc: { "README.md": "", other: "readme" }, readmes: {} };
  expect(await found(files, "readme", "names")).toEqual({
    paths: ["/etc/README.md", "/readmes"],
    isWhole: true,
  });
});

test("contents are found wherever they are in a file, also across two pieces of it", async () => {
  const piece = 1024 * 1024;
  const at = (offset: number) => `${"x".repeat(offset)}needle${"y".repeat(10)}`;
  const files = { start: at(0), across: at(piece - 3), later: at(piece + 5), none: "needl", folder: {} };
  const { paths } = await found(files, "needle", "contents");
  expect(paths).toEqual(["/across", "/later", "/start"]);
});

test("an archive whose files are searched is not found itself", async () => {
  const inner = contentsOf({ folder: { "notes.txt": "a needle" } });
  const pieces = await Array.fromAsync(tarOfFolder(inner, await inner.find("/folder")));
  const files = {
    "files.tar": Buffer.concat(pieces),
    "broken.tar": "a needle, and no tar",
    "needle.txt": "needle",
  };
  const { paths } = await found(files, "needle", "contents");
  expect(paths).toEqual(["/broken.tar", "/files.tar/notes.txt", "/needle.txt"]);
});

test("a search ends when it has found very many, and says so", async () => {
  const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`f${index}`, ""]));
  const { paths, isWhole } = await found(files, "f", "names");
  expect(paths).toHaveLength(1_000);
  expect(isWhole).toBe(false);
});
