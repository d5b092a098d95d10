import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askQemu } from "../qemu/hardware/capabilities.ts";
import { KvmFailure } from "../qemu/process/vm-end.ts";
import { findPaths, type Paths } from "../storage/paths.ts";
import { chooseAccelerator } from "./accelerator.ts";
import { withoutKvmIfItFails } from "./kvm-fallback.ts";

const failure = new KvmFailure({ code: "qemu-failed", message: "KVM gave up" });
let home = "";
let paths: Paths;
let notes: string[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tinsmith-"));
  paths = findPaths({ TINSMITH_HOME: home });
  notes = [];
});
afterEach(() => rmSync(home, { recursive: true }));

/** Does something that fails with each of these in turn, then goes well. */
async function attempt(...failures: Error[]): Promise<number> {
  let attempts = 0;
  return await withoutKvmIfItFails(
    paths,
    (text) => notes.push(text),
    async (onNote) => {
      attempts += 1;
      onNote("what is true of this image");
      const failure = failures.shift();
      if (failure) throw failure;
      return attempts;
    },
  );
}

test("what goes well is done once", async () => {
  expect(await attempt()).toBe(1);
  expect(notes).toEqual(["what is true of this image"]);
});

test("when KVM gives up, it is done again, which is said; what is noted both times is said once", async () => {
  expect(await attempt(failure)).toBe(2);
  expect(notes).toEqual(["what is true of this image", "KVM gave up: starting again, without KVM."]);
});

test("the failure is remembered: KVM is not even tried the next time", async () => {
  await attempt(failure);
  const capabilities = { ...(await askQemu()), accelerators: ["kvm", "tcg"] };
  const choice = await chooseAccelerator(capabilities, { cacheFolder: paths.cache }, async () => {
    throw new Error("KVM was tried");
  });
  expect(choice).toEqual({
    accelerator: "tcg",
    reason: expect.stringContaining("KVM gave up on a running guest (when last tried)"),
  });
});

test("it is done again only once, and not for other failures", async () => {
  await expect(attempt(failure, failure)).rejects.toBe(failure);
  const other = new Error("no space");
  await expect(attempt(other)).rejects.toBe(other);
});

test("a note that one try makes many times, such as of a person's acts, is passed on each time", async () => {
  await withoutKvmIfItFails(
    paths,
    (text) => notes.push(text),
    async (onNote) => {
      onNote("reset by hand");
      onNote("reset by hand");
    },
  );
  expect(notes).toEqual(["reset by hand", "reset by hand"]);
});
