import { describeFinding, type FindingEvent } from "../../../shared/guest/finding.ts";
import { describeResult } from "../../../shared/scenario/describe-result.ts";
import type { BrokenRun, ScenarioResult } from "../../../shared/scenario/scenario-result.ts";
import type { RunEvent } from "../../../shared/session/run.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { print, printJson, printNote } from "../../support/print.ts";

/** The output of runs of scenarios. */
interface ScenarioOutput {
  readonly onEvent: (event: RunEvent) => void;
  readonly onFinding: (finding: FindingEvent) => void;
  readonly onResult: (result: ScenarioResult) => void;
  /** A run that ended the others early; its error is printed by the command. */
  readonly onBroken: (run: BrokenRun) => void;
  readonly onEnd: (results: readonly ScenarioResult[]) => void;
}

/** Lines for a person, or JSON when asked. Notes go to stderr, each once, and the findings of each run. */
export function createScenarioOutput({ json = false }: { readonly json?: boolean }): ScenarioOutput {
  const noted = new Set<string>();
  return {
    onEvent: (event) => {
      if (event.type !== "note" || event.text.startsWith("The MetaService listens") || noted.has(event.text))
        return;
      noted.add(event.text);
      printNote(event.text);
    },
    onFinding: (finding) => printNote(describeFinding(finding)),
    onResult: (result) => {
      if (json) printJson({ type: "scenario-result", ...result });
      else print(`${describeResult(result).join("\n")}\n`);
    },
    onBroken: (run) => {
      if (json) printJson({ type: "scenario-error", ...run });
    },
    onEnd: (results) => {
      const failed = results.filter(({ passed }) => !passed).length;
      if (!json)
        print(`${formatCount(results.length, "run")}: ${results.length - failed} passed, ${failed} failed\n`);
    },
  };
}
