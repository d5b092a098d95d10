import { badFiles } from "./archives/compression.ts";
import { badContents } from "./archives/content.ts";
import { badEntries } from "./archives/entries.ts";
import { badTars } from "./archives/tar.ts";

/** The content of image.tar.lz4, by its fault. */
export const badArchives: Readonly<Record<string, Buffer>> = {
  ...badFiles,
  ...badTars,
  ...badEntries,
  ...badContents,
};
