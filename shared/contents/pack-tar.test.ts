import { expect, test } from "vitest";
import { packTar } from "./pack-tar.ts";

test("an error of an entry is that of the archive, after the bytes before it", async () => {
  const archive = packTar(async (controller) => {
    await controller.add({ name: "empty", size: 0 }).close();
    throw new Error("the second one can't be read");
  });
  await expect(Array.fromAsync(archive)).rejects.toThrow("the second one can't be read");
});

test("a reader that has enough ends the work in order", async () => {
  const ended = Promise.withResolvers<void>();
  const size = 64 * 1024 * 1024;
  const archive = packTar(async (controller) => {
    try {
      const writer = controller.add({ name: "large", size }).getWriter();
      for (let done = 0; done < size; done += 2 ** 20) await writer.write(new Uint8Array(2 ** 20));
    } finally {
      ended.resolve();
    }
  });
  for await (const _ of archive) break;
  await ended.promise;
});
