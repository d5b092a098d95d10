import { expect, test } from "vitest";
import type { Contents, Place } from "./contents.ts";
import { contentsOf } from "./test-contents.ts";

const contents = () =>
  contentsOf(
    { etc: { fstab: "none", "caf\xe9": "latin" }, bin: { ls: "program" }, link: "" },
    { link: { kind: "symlink", target: Buffer.from("bin/ls") } },
  );

async function names(tree: Contents, place: Place): Promise<readonly string[]> {
  return (await Array.fromAsync(tree.list(place))).map(({ path }) => path);
}

test("a path leads to its entry, with or without detours", async () => {
  const tree = contents();
  for (const path of ["/etc/fstab", "etc/fstab", "//etc/./fstab/", "/bin/../etc/fstab", "/../etc/fstab"])
    expect((await tree.find(path)).path).toBe("/etc/fstab");
  expect((await tree.find("/")).path).toBe("/");
});

test("the entries of a folder have their paths, from which they are found again, whatever their names are", async () => {
  const tree = contents();
  expect(await names(tree, await tree.find("/etc"))).toEqual(["/etc/fstab", "/etc/caf\\xe9"]);
  const source = await tree.open(await tree.find("/etc/caf\\xe9"));
  expect(`${await source.read(0, 9)}`).toBe("latin");
});

test.each([
  ["/etc/fstap", 'test.img has no "fstap" in /etc', "Did you mean fstab?"],
  ["/xyz", 'test.img has no "xyz" in /', "List / to see what is there."],
])("the error for %s names the image, the folder and the nearest name", async (path, message, advice) => {
  await expect(contents().find(path)).rejects.toMatchObject({ code: "missing-file", message, advice });
});

test.each([
  [
    "/link",
    "/link in test.img is a symbolic link to bin/ls, and holds no files",
    "Give the path of its target.",
  ],
  [
    "/etc/fstab",
    "/etc/fstab in test.img is a file, and holds no files",
    "Give the path of a folder or an archive.",
  ],
])("%s has no list of files", async (path, message, advice) => {
  const tree = contents();
  const list = names(tree, await tree.find(path));
  await expect(list).rejects.toMatchObject({ code: "usage", message, advice });
});

test("a folder and a link have no content", async () => {
  const tree = contents();
  await expect(tree.open(await tree.find("/etc"))).rejects.toMatchObject({
    message: "/etc in test.img is a folder, and has no content of its own",
  });
});
