import type { FileChange } from "../../../shared/contents/compare-lists.ts";
import type { ComparedInput } from "../../../shared/library/library.ts";
import type { Paths } from "../../storage/paths.ts";

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

/** The context of everything that is verified. */
export interface VerifyContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}
