import { join } from "node:path";
import { readRules, setRulesFile } from "../../core/image-set/read-rules.ts";

/** Options of the commands whose sessions can have rules from the start. */
export interface RulesOptions {
  readonly rules?: string;
  readonly setRules?: boolean;
  readonly waitForWindow?: boolean;
  readonly letVmRun?: boolean;
}

/**
 * The rules of a plan.
 *
 * @param folder the image set's, whose rules `--set-rules` applies
 * @throws as `readRules`
 */
export function rulesOf({ rules, setRules, waitForWindow, letVmRun }: RulesOptions, folder?: string) {
  const file = setRules && folder !== undefined ? join(folder, setRulesFile) : rules;
  return file === undefined ? undefined : { ...readRules(file), waitForWindow, letVmRun };
}
