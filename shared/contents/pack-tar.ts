import { createTarPacker } from "modern-tar";

/** Adds entries to an archive: each gives a stream that its content is written to. */
export type TarController = ReturnType<typeof createTarPacker>["controller"];

/** The bytes of a tar archive while its entries are added. @param add adds all of them; an error of it reaches the reader */
export async function* packTar(
  add: (controller: TarController) => Promise<void>,
): AsyncGenerator<Uint8Array, void, void> {
  const { readable, controller } = createTarPacker();
  const pack = async () => {
    await add(controller);
    controller.finalize();
  };
  // A failure reaches the reader as the stream's.
  const packing = pack().catch((error) => controller.error(error));
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
    await packing;
  }
}
