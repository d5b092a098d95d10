import { Command } from "commander";
import { examineHost } from "../../core/doctor/doctor.ts";
import type { Finding } from "../../core/doctor/finding.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { runToExit } from "../support/context.ts";
import { exitStatus } from "../support/exit-status.ts";
import { print, printJson } from "../support/print.ts";

/** `tinsmith doctor`. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Look at what this host has for building and running images, and what it lacks.")
    .option("--json", "print the findings as JSON")
    .option("--retry", "try KVM again, even when it is known to have failed")
    .action(({ json, retry = false }: { json?: boolean; retry?: boolean }) =>
      runToExit(async () => {
        const findings = await examineHost(findPaths(), retry);
        if (json) printJson(findings, 2);
        else print(findings.map(describe).join(""));
        return findings.every((finding) => finding.ok) ? exitStatus.success : exitStatus.host;
      }),
    )
    .addHelpText(
      "after",
      "\n✓ all is there, ! it works but could do better, ✗ it is missing.\nExit status: 0 when nothing is missing, else 5.",
    );
}

function describe({ subject, ok, text, advice, canRetry = false }: Finding): string {
  const mark = ok ? (advice ? "!" : "✓") : "✗";
  const line = `${mark} ${subject.padEnd(16)} ${text}\n`;
  const retry = canRetry ? " tinsmith doctor --retry tries it again." : "";
  return advice ? `${line}  ${" ".repeat(16)} ${advice}${retry}\n` : line;
}
