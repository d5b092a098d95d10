import type { FileChange } from "../contents/compare-lists.ts";
import type { ComparedInput } from "./library.ts";
import type { Manifest } from "./manifest.ts";

/** One thing that was compared with what an archive's manifest says. */
export interface Finding {
  readonly subject: "manifest" | "archive" | "files" | "inputs" | "rebuild" | "bytes";
  /** False if it is not as it should be. */
  readonly ok: boolean;
  /** A sentence. */
  readonly text: string;
  /** Sentences that say what to do. */
  readonly advice?: string | undefined;
  /** The files that differ, where these are known. */
  readonly changes?: readonly FileChange[];
  /** The inputs that differ. */
  readonly inputs?: readonly ComparedInput[];
}

/** Everything that was found about an archive. */
export interface Verification {
  readonly archive: string;
  readonly manifest?: Manifest;
  readonly findings: readonly Finding[];
}
