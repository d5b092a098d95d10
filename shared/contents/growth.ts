import { z } from "zod";
import { formatBytes } from "../text/format.ts";
import { type Comparison, growthOf } from "./compare-lists.ts";
import { formatGrowth } from "./describe-change.ts";

/** How the files of an image differ from those of the image before it. */
export const imageGrowthSchema = z.object({
  /** Bytes of content that it has more. */
  bytes: z.number(),
  /** Files that are not in both with the same content; those that two builds from the same may have are not counted. */
  files: z.number(),
  /** The file that has changed its size the most, if one has. */
  largest: z
    .object({
      path: z.string(),
      /** Bytes; absent for a new file. */
      before: z.number().optional(),
      /** Bytes; absent for a file that is gone. */
      after: z.number().optional(),
    })
    .optional(),
});
export type ImageGrowth = z.infer<typeof imageGrowthSchema>;

/** Sums up a comparison of an image with the one before it. */
export function summarizeGrowth({ changes, growth }: Comparison): ImageGrowth {
  const counted = changes.filter(({ change, expected }) => change !== "metadata" && expected === undefined);
  const [largest] = counted
    .filter((change) => growthOf(change) !== 0)
    .sort((one, other) => Math.abs(growthOf(other)) - Math.abs(growthOf(one)));
  return {
    bytes: growth,
    files: counted.length,
    ...(largest && {
      largest: {
        path: largest.path,
        ...(largest.before && { before: largest.before.size }),
        ...(largest.after && { after: largest.after.size }),
      },
    }),
  };
}

/** A line about the growth of an image: `+1.2 MB: /opt/guest-tools 5.4 MB -> 6.6 MB, and 2 other files`. */
export function describeGrowth({ bytes, files, largest }: ImageGrowth): string {
  if (files === 0) return "The same files as in the image before.";
  const others = files - (largest ? 1 : 0);
  const rest =
    others === 0
      ? ""
      : `${largest ? ", and " : ""}${others} ${largest ? "other " : ""}${others === 1 ? "file" : "files"}`;
  return `${formatGrowth(bytes)}: ${largest ? describeLargest(largest) : ""}${rest}`;
}

/** The disk and the partition that begin a path: a person knows them. */
const container = /^\/disk\.img(\/partition\d+)?(?=\/)/;

function describeLargest({ path: whole, before, after }: NonNullable<ImageGrowth["largest"]>): string {
  const path = whole.replace(container, "");
  if (before === undefined) return `${path} is new, ${formatBytes(after ?? 0)}`;
  if (after === undefined) return `${path} is gone, ${formatBytes(before)}`;
  return `${path} ${formatBytes(before)} -> ${formatBytes(after)}`;
}
