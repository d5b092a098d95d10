import type { ByteSource } from "../../file-systems/byte-source.ts";
import type { TargetFile } from "./find-target.ts";

/** A file of this host that is put into an image. */
export interface NewFile {
  readonly content: ByteSource;
  /** Its permissions on this host. */
  readonly mode: number;
}

/** 2025-01-01 in seconds since 1970, for all that is written: the same change gives the same bytes. */
export const fixedSeconds = 1_735_689_600;

interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The mode and owner of the file that is replaced; else those of the new file, and of its folder. */
export function attributesOf({ replaced, parent }: TargetFile, { mode }: Pick<NewFile, "mode">): Attributes {
  return {
    mode: replaced?.mode ?? mode,
    uid: (replaced ?? parent).uid ?? 0,
    gid: (replaced ?? parent).gid ?? 0,
  };
}
