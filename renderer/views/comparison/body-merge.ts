import { type DiffConfig, diff, type MergeConfig } from "@codemirror/merge";

/** After that time, in milliseconds, the result is a coarse one. */
const limits: DiffConfig = { scanLimit: 500, timeout: 500 };

/** Compares bodies without the ids of actions, which are new in each session, as the comparison of sessions does. */
export const bodyMerge: MergeConfig = {
  // Most bodies are short, and read as a whole.
  collapseUnchanged: { minSize: 20 },
  diffConfig: { override: (first, second) => diff(mask(first), mask(second), limits) },
};

/** Replaces the ids by texts of the same length, so that places stay as they are. */
function mask(text: string): string {
  return text.replace(/("id"\s*:\s*)"[\w-]{22}"/g, (_all, key: string) => `${key}"${"-".repeat(22)}"`);
}
