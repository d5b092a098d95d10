import type { Paths } from "../../storage/paths.ts";

/** The context of everything that is verified. */
export interface VerifyContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}
