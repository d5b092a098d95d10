import { expect, test } from "vitest";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { Contents } from "./contents.ts";
import { contentsOf } from "./test-contents.ts";
import { walk } from "./walk.ts";

async function walked(contents: Contents): Promise<{ paths: string[]; problems: string[] }> {
  const problems: string[] = [];
  const onProblem = (_path: string, error: unknown) => problems.push(toAppError(error).message);
  const places = await Array.fromAsync(walk(contents, contents.top, { onProblem }));
  return { paths: places.map(({ path }) => path), problems };
}

test("everything below a place comes in the order of the paths, folders before their content", async () => {
  const contents = contentsOf({ b: "", a: { z: "", y: { x: "" } } });
  expect(await walked(contents)).toEqual({ paths: ["/a", "/a/y", "/a/y/x", "/a/z", "/b"], problems: [] });
});

test("folders that contain each other are told of, and end", async () => {
  const contents = contentsOf({ a: { b: {} } }, { a: { inode: 7 }, b: { inode: 7 } });
  const { paths, problems } = await walked(contents);
  expect(paths).toEqual(["/a", "/a/b"]);
  expect(problems).toEqual(["/a/b is a folder that contains itself"]);
});

test("a place that holds no files is itself all that there is", async () => {
  const contents = contentsOf({ a: "text" });
  const places = await Array.fromAsync(walk(contents, await contents.find("/a")));
  expect(places.map(({ path }) => path)).toEqual(["/a"]);
});
