/** Looks into an image in all ways that a person has, in a process of its own. Arguments: the image, a new folder. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compareContents } from "../../../core/contents/compare-images.ts";
import { listFolder } from "../../../core/contents/list-folder.ts";
import { previewFile } from "../../../core/contents/preview.ts";
import { bytesOf } from "../../../core/contents/save-place.ts";
import { search } from "../../../core/contents/search.ts";
import type { Contents } from "../../../core/contents/tree/contents.ts";
import { openContents } from "../../../core/contents/tree/open-contents.ts";
import { walk } from "../../../core/contents/tree/walk.ts";
import { withinLimit } from "../../../core/contents/tree/work-limit.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { peakMemory } from "../../peak-memory.ts";
import type { Step } from "./look.ts";

const [image = "", folder = ""] = process.argv.slice(2);
/** Bytes of an archive of a folder after which a person would have stopped it. */
const enough = 32 * 1024 * 1024;
const previewed = 20;

mkdirSync(folder, { recursive: true });
const paths = findPaths({ TINSMITH_HOME: join(folder, "home") });

async function measure(name: string, work: () => Promise<number>): Promise<void> {
  const started = performance.now();
  const step: Step = await withinLimit(name, undefined, work).then(
    (found) => ({ name, found }),
    (thrown) => {
      const { code, message } = toAppError(thrown);
      return { name, found: 0, code, message };
    },
  );
  process.send?.({ ...step, milliseconds: performance.now() - started, peak: peakMemory() });
}

async function* previews(contents: Contents): AsyncGenerator<string> {
  let count = 0;
  for await (const place of walk(contents, contents.top, { levels: true, onProblem: () => {} })) {
    if (place.entry.kind !== "file" || place.system.isContainer) continue;
    if (++count > previewed) return;
    yield await contents
      .open(place)
      .then(previewFile)
      .then(
        ({ kind }) => kind,
        (error) => toAppError(error).message,
      );
  }
}

const holder: { contents?: Contents } = {};
await measure("open", async () => {
  holder.contents = await openContents(paths, image, { readsAll: false, onNote: () => {} });
  return 1;
});
const { contents } = holder;
if (contents) {
  await measure("ls", async () => (await listFolder(contents, await contents.find("/"))).entries.length);
  for (const part of ["names", "contents"] as const)
    await measure(`search in ${part}`, async () => {
      const found = search(contents, { from: contents.top, text: "needle", part });
      return (await Array.fromAsync(found)).length;
    });
  await measure("preview", async () => (await Array.fromAsync(previews(contents))).length);
  await measure("tar", async () => {
    let bytes = 0;
    for await (const piece of bytesOf(contents, contents.top)) {
      bytes += piece.length;
      if (bytes > enough) break;
    }
    return bytes;
  });
  await measure("diff", async () => {
    const named = { name: image, contents };
    const { comparison } = await compareContents([named, named], undefined);
    return comparison.changes.length;
  });
  await contents[Symbol.asyncDispose]();
}
process.disconnect?.();
