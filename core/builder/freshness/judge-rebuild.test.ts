import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runGuest } from "../run-guest.ts";
import { buildingRecipe, makeFreshSet, script } from "./test-fresh-set.ts";

// Only the virtual machine is left out of these builds.
vi.mock("../run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));

test("a build that fails or is cancelled leaves an image as stale as before", async () => {
  const { build, write, whyStale } = await makeFreshSet();
  await build("worker");
  write("setup.sh", "edited");
  vi.mocked(runGuest).mockRejectedValueOnce(new Error("the guest failed"));
  await expect(build("worker")).rejects.toThrow("the guest failed");
  expect(await whyStale("worker")).toBe("setup.sh changed");
  const cancelling = new AbortController();
  vi.mocked(runGuest).mockImplementationOnce(async () => {
    cancelling.abort();
    throw cancelling.signal.reason;
  });
  await expect(build("worker", cancelling.signal)).rejects.toThrow();
  expect(await whyStale("worker")).toBe("setup.sh changed");
  await build("worker");
  expect(await whyStale("worker")).toBe("");
});

test("an archive that is gone, or whose record is gone, damaged or a newer version's, is not up to date", async () => {
  const { build, paths, set, whyStale } = await makeFreshSet();
  expect(await whyStale("worker")).toBe("the archive is missing");
  await build("worker");
  const [name = ""] = readdirSync(paths.builds);
  const record = join(paths.builds, name);
  const text = readFileSync(record, "utf8");
  writeFileSync(record, text.slice(0, 100));
  expect(await whyStale("worker")).toBe("the archive has a damaged build record");
  writeFileSync(record, text.replace(/"version": \d+/, '"version": 99'));
  expect(await whyStale("worker")).toBe("the archive has a build record of a newer Tinsmith");
  rmSync(record);
  expect(await whyStale("worker")).toBe("the archive was not built here");
  writeFileSync(record, text);
  expect(await whyStale("worker")).toBe("");
  rmSync(set.workerImage);
  expect(await whyStale("worker")).toBe("the archive is missing");
});

test("an image that an earlier version built is stale, and the inputs that it did not record are named", async () => {
  const { build, paths, whyStale } = await makeFreshSet();
  await build("worker");
  const [name = ""] = readdirSync(paths.builds);
  const path = join(paths.builds, name);
  const known = JSON.parse(readFileSync(path, "utf8"));
  const earlier = ["recipe", "cd-file", "setup-image"];
  known.record.inputs = known.record.inputs.filter(({ kind }: { kind: string }) => earlier.includes(kind));
  writeFileSync(path, JSON.stringify({ ...known, version: 2 }));
  expect(await whyStale("worker")).toBe(
    "compile, CFLAGS_OF_TEST, src, setup image, QEMU, xorriso, Tinsmith were not recorded by an earlier version of Tinsmith",
  );
});

test("guest tools of unknown sources are built and compared: nothing else is done when they are the same", async () => {
  const made = await makeFreshSet(buildingRecipe.replace("inputs: [src], ", ""));
  const { build, write, whyStale, events, set } = made;
  const steps = () =>
    events.splice(0).flatMap((event) => (event.type === "step-started" ? [event.step] : []));
  const first = await build("worker");
  expect(steps()).toContain("pack");
  expect(await whyStale("worker")).toBe("guest tools can't be known before a build");
  const second = await build("worker");
  expect(events.at(-1)).toMatchObject({ type: "build-finished", upToDate: { inputs: 10 } });
  expect(steps()).toEqual(["guest-tools"]);
  expect(second).toMatchObject({ path: set.workerImage, digest: first.digest });
  await build("worker", undefined, { force: true });
  expect(steps()).toContain("pack");
  write("src/main.c", "other sources");
  await build("worker");
  expect(steps()).toContain("pack");
  write("setup.sh", "edited");
  expect(await whyStale("worker")).toBe("setup.sh changed; guest tools can't be known before a build");
  await build("worker");
  expect(steps()).toContain("pack");
});

test("a build command gets the variables that the recipe names, and of others only those of the host", async () => {
  const { programs, folder, build, whyStale } = await makeFreshSet();
  vi.stubEnv("GOFLAGS", "-race");
  writeFileSync(join(programs, "compile"), script("env >out/tools"));
  await build("worker");
  const seen = readFileSync(join(folder, "out/tools"), "utf8");
  expect(seen).toMatch(/^CFLAGS_OF_TEST=-g$/m);
  expect(seen).toMatch(/^PATH=/m);
  expect(seen).toMatch(/^LC_ALL=C\.UTF-8$/m);
  expect(seen).not.toMatch(/^(GOFLAGS|ISO_KIND|TINSMITH_QEMU)=/m);
  vi.stubEnv("GOFLAGS", undefined);
  expect(await whyStale("worker")).toBe("");
});
