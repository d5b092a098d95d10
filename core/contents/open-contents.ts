import { join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { openUnpacked } from "../image/archive/open-image.ts";
import { beginsFrame } from "../image/compression/frame-magic.ts";
import { openDisk } from "../image/disk/open-disk.ts";
import type { Paths } from "../storage/paths.ts";
import { type Contents, createContents } from "./contents.ts";
import { openHostFile, readerSource } from "./host-file.ts";
import { listFiles } from "./listed-files.ts";
import { openLevel } from "./open-level.ts";
import { limitedSource } from "./work-limit.ts";

interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Opens what a file of this host holds: an image archive, whose disk is unpacked into the cache once, with the changes in its layer;
 * or a disk, an ISO, a file system, or an archive of files.
 *
 * @throws AppError `missing-file`, `invalid-archive`, `damaged-file-system`, `usage` if it holds no files
 */
export async function openContents(paths: Paths, path: string, options: OpenOptions): Promise<Contents> {
  const { signal, onNote } = options;
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(createTemporaryFolder("contents", "looking into an image"));
  const file = limitedSource(cleanup.use(await openHostFile(path)));
  const context = { folder, cleanup, signal };
  const magic = await file.read(0, 4);
  const system =
    magic.length === 4 && beginsFrame(magic.readUInt32LE())
      ? await openImageLevel(paths, path, { ...context, onNote })
      : await openLevel(file, context);
  if (!system) throw holdsNoFiles(path);
  return createContents(path, system, { ...context, cleanup: cleanup.move() });
}

type ImageOptions = OpenOptions & { readonly folder: string; readonly cleanup: AsyncDisposableStack };

async function openImageLevel(paths: Paths, archive: string, { cleanup, folder, ...options }: ImageOptions) {
  const ownFolder = join(folder, "image");
  const image = cleanup.use(await openUnpacked(paths, { archive, ownFolder, ...options }));
  const backing = join(image.folder, "disk.img");
  const disk = cleanup.use(await openDisk({ layer: image.layer, backing }));
  const extents = await disk.allocated(options.signal);
  const machine = cleanup.use(await openHostFile(join(image.folder, "machine.json")));
  const allocated = [...extents].reduce((sum, { length }) => sum + length, 0);
  return listFiles("image", [
    { name: "machine.json", allocated: machine.size, source: machine },
    { name: "disk.img", allocated, source: limitedSource(readerSource(disk, disk.size, archive)) },
  ]);
}

function holdsNoFiles(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} holds no files: it is no image, disk, file system or archive that Tinsmith knows`,
    advice: "Give an image archive, a disk, an ISO, or a file such as .tcz, .tgz or an initrd.",
  });
}
