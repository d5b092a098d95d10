import { resolve } from "node:path";
import { implement } from "@orpc/server";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import { sendErrors } from "../../../shared/contracts/calls.ts";
import {
  type ContentsPlace,
  contentsContract,
  type ImportedDisk,
  type WorkProgress,
} from "../../../shared/contracts/contents-contract.ts";
import { ofField } from "../../../shared/errors/of-field.ts";
import { withProgress } from "../../async/with-progress.ts";
import { verifyImage } from "../../builder/verify/verify-image.ts";
import { compareContents } from "../../contents/compare-images.ts";
import { describeEntry } from "../../contents/describe-entry.ts";
import { listFolder } from "../../contents/list-folder.ts";
import { previewFile } from "../../contents/preview.ts";
import { savePlace } from "../../contents/save-place.ts";
import { search } from "../../contents/search.ts";
import type { Contents, Place } from "../../contents/tree/contents.ts";
import { withinLimit } from "../../contents/tree/work-limit.ts";
import type { Paths } from "../../storage/paths.ts";
import { checkPath } from "../paths/check-path.ts";
import { imageManifest } from "./image-manifest.ts";
import { exportChosen, importChosen } from "./move-disk.ts";
import { createOpenedContents } from "./opened-contents.ts";
import { resolveSource } from "./source-name.ts";

/** Implements the contract of shared/contracts/contents-contract.ts. */
export function createContentsRouter(paths: Paths) {
  const opened = createOpenedContents(paths);
  const api = implement(contentsContract).use(async ({ next }, _input, output) =>
    output(await sendErrors({ next: async () => (await next()).output })),
  );
  /** Does work on a place, within the limits of one step. @param readsAll as `OpenOptions` has it */
  const at = <Result>(
    what: string,
    { image, path, readsAll = false }: ContentsPlace & { readonly readsAll?: boolean },
    signal: AbortSignal | undefined,
    work: (contents: Contents, place: Place) => Promise<Result>,
  ) =>
    opened.use(resolveSource(image), readsAll, (contents) =>
      withinLimit(`${what} ${path} in ${image}`, signal, async () =>
        work(contents, await contents.find(path)),
      ),
    );
  return api.router({
    confirmUnpacking: api.confirmUnpacking.handler(async ({ input: { image } }) =>
      opened.confirmUnpacking(resolveSource(image)),
    ),
    list: api.list.handler(({ input, signal }) => at("listing", input, signal, listFolder)),
    preview: api.preview.handler(({ input, signal }) =>
      at("reading", input, signal, async (contents, place) => previewFile(await contents.open(place))),
    ),
    search: api.search.handler(({ input: { text, in: part, ...input }, signal }) => {
      let found: ContentEntry[] = [];
      return withProgress<readonly ContentEntry[], { readonly isWhole: boolean }>((onFound) =>
        at("searching", { ...input, readsAll: true }, signal, async (contents, from) => {
          const matches = search(contents, { from, text, part });
          for (;;) {
            const { done, value } = await matches.next();
            if (done) return { isWhole: value };
            found = [...found, describeEntry(value)];
            onFound(found);
          }
        }),
      );
    }),
    save: api.save.handler(({ input: { target, ...input }, signal }) =>
      withProgress<{ bytes: number }, { bytes: number }>(async (onProgress) => {
        await ofField("target", () => checkPath(resolve(target), ["new-file"]));
        return await at("reading", input, signal, (contents, place) =>
          savePlace(contents, place, { target: resolve(target), signal, onProgress }),
        );
      }),
    ),
    manifest: api.manifest.handler(({ input: { image } }) => imageManifest(resolveSource(image))),
    verify: api.verify.handler(({ input: { image }, signal = new AbortController().signal }) =>
      verifyImage(resolve(image), {
        ...{ paths, signal, withInputs: true, rebuilds: false },
        onNote: () => {},
        onBuildEvent: () => {},
      }),
    ),
    importDisk: api.importDisk.handler(({ input, signal = new AbortController().signal }) =>
      withProgress<WorkProgress, ImportedDisk>((onProgress) =>
        importChosen(input, { paths, signal }, onProgress),
      ),
    ),
    exportDisk: api.exportDisk.handler(({ input, signal = new AbortController().signal }) =>
      exportChosen(input, { paths, signal }),
    ),
    compare: api.compare.handler(({ input: { first, second }, signal }) => {
      const pair = [resolveSource(first), resolveSource(second)] as const;
      return opened.use(pair[0], true, (before) =>
        opened.use(pair[1], true, (after) =>
          compareContents(
            [
              { name: pair[0], contents: before },
              { name: pair[1], contents: after },
            ],
            signal,
          ),
        ),
      );
    }),
  });
}
