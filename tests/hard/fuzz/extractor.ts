import { extractArchive } from "../../../core/image/archive/extract-archive.ts";
import { toAppError } from "../../../shared/errors/errors.ts";

// The process that extracts archives for the fuzz tests: apart from them, so that it may hang or crash.

process.on("message", async (order: { readonly archive: string; readonly folder: string }) => {
  const refusal = await extractArchive(order).then(() => undefined, toAppError);
  process.send?.(refusal === undefined ? { extracted: true } : { extracted: false, ...refusal.toJSON() });
});
