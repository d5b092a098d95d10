import { Option } from "commander";
import { openSource } from "../../../core/app/contents/open-source.ts";
import type { Contents } from "../../../core/contents/tree/contents.ts";
import type { OpenOptions, UnpackQuestion } from "../../../core/contents/tree/open-contents.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { askPerson } from "../../support/ask-person.ts";
import { printNote } from "../../support/print.ts";

/** The choices of a person who looks into images. */
export interface LookOptions {
  readonly yes?: boolean;
}

/** The option for that choice. */
export function yesOption(): Option {
  return new Option("--yes", "unpack also more than 1 GiB of data into the cache without asking");
}

/**
 * Opens what an image holds. If its disk has to be unpacked, and has more than 1 GiB of data that is not in the cache, a person is asked
 * first.
 *
 * @throws AppError as `openSource`; `not-confirmed` also without a terminal to ask on
 */
export async function openContentsForPerson(
  path: string,
  options: LookOptions & Pick<OpenOptions, "readsAll">,
  signal: AbortSignal,
): Promise<Contents> {
  return await openSource(findPaths(), path, {
    readsAll: options.readsAll,
    signal,
    onNote: printNote,
    mayUnpack: (question) => mayUnpack(question, options),
  });
}

/** Asks a person whether an image may be unpacked, unless they have said so. @returns false also without a terminal to ask on */
export async function mayUnpack(
  { archive, bytes }: UnpackQuestion,
  { yes = false }: LookOptions,
): Promise<boolean> {
  const question = `The disk of ${archive} has ${formatBytes(bytes)} of data. Unpack it into the cache?`;
  return yes || (await askPerson(question)) === true;
}
