import { createTwoFilesPatch } from "diff";
import type { ByteSource } from "../file-systems/byte-source.ts";
import { previewFile } from "./preview.ts";

/** The work that the comparison of two texts may take: longer differences than that tell nobody anything. Milliseconds. */
const patience = 1_000;

/**
 * The lines in which two files of text differ, in the unified format.
 *
 * @returns undefined if one of them is not text, or is too large to be shown whole, or if they differ in too much
 */
export async function diffTexts(
  path: string,
  first: ByteSource,
  second: ByteSource,
): Promise<string | undefined> {
  const before = await previewFile(first);
  const after = await previewFile(second);
  if (before.kind !== "text" || after.kind !== "text" || before.isCut || after.isCut) return undefined;
  return createTwoFilesPatch(path, path, before.text, after.text, undefined, undefined, {
    timeout: patience,
  });
}
