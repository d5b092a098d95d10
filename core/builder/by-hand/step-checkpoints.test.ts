import { expect, test } from "vitest";
import { createStepCheckpoints } from "./step-checkpoints.ts";

test("the last eight checkpoints are kept", async () => {
  const there: string[] = [];
  const checkpoints = createStepCheckpoints(() => {});
  checkpoints.use({
    make: async (name) => {
      there.push(name);
      return { name, time: 0, size: 0 };
    },
    delete: async (name) => void there.splice(there.indexOf(name), 1),
  });
  for (let step = 1; step <= 10; step += 1) expect(await checkpoints.make()).toBe(`step-${step}`);
  expect(there).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((step) => `step-${step}`));
});

test("a virtual machine that can have no checkpoint gets one note, and the next one is tried again", async () => {
  const notes: string[] = [];
  const checkpoints = createStepCheckpoints((text) => notes.push(text));
  const refusing = {
    make: async () => {
      throw new Error("its disk is a raw file");
    },
    delete: async () => {},
  };
  checkpoints.use(refusing);
  expect(await checkpoints.make()).toBeUndefined();
  expect(await checkpoints.make()).toBeUndefined();
  expect(notes).toHaveLength(1);
  checkpoints.use({ ...refusing, make: async (name) => ({ name, time: 0, size: 0 }) });
  expect(await checkpoints.make()).toBe("step-2");
});
