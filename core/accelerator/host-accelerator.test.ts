import { expect, test, vi } from "vitest";
import { findPaths } from "../storage/paths.ts";
import { createHostAccelerator } from "./host-accelerator.ts";

const paths = findPaths({ TINSMITH_HOME: "/nowhere" });

test("the accelerator is found out once, until it is forgotten", async () => {
  const find = vi.fn(async () => ({ name: "TCG", reason: "as asked for" }));
  const accelerator = createHostAccelerator(paths, find);
  expect(await Promise.all([accelerator.find(), accelerator.find()])).toHaveLength(2);
  expect(find).toHaveBeenCalledTimes(1);
  accelerator.forget();
  expect(await accelerator.find()).toEqual({ name: "TCG", reason: "as asked for" });
  expect(find).toHaveBeenCalledTimes(2);
});

test("a host without QEMU is asked again each time", async () => {
  const find = vi.fn(async (): Promise<never> => {
    throw new Error("qemu-system-x86_64 is not installed");
  });
  const accelerator = createHostAccelerator(paths, find);
  expect(await accelerator.find()).toEqual({
    name: "No QEMU",
    reason: "qemu-system-x86_64 is not installed",
  });
  await accelerator.find();
  expect(find).toHaveBeenCalledTimes(2);
});
