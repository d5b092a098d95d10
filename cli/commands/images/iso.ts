import { resolve } from "node:path";
import { Command } from "commander";
import { describeIso } from "../../../core/iso/describe-iso.ts";
import { describeBoots, describeSystem } from "../../../shared/library/describe-iso-facts.ts";
import type { IsoFacts } from "../../../shared/library/iso-facts.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printJson, printNote } from "../../support/print.ts";

/** `tinsmith iso`. */
export function isoCommand(): Command {
  return new Command("iso")
    .description("Show what an ISO is, how it boots, and the Linux kernels that it offers.")
    .argument("<ISO>", "the ISO, or a CD drive")
    .option("--json", "print it as JSON")
    .action((iso: string, { json }: { json?: boolean }) =>
      runToExit(async () => {
        const facts = await describeIso(resolve(iso));
        if (json) printJson(facts, 2);
        else print(describe(facts));
        for (const note of json ? [] : facts.notes) printNote(note);
      }),
    )
    .addHelpText(
      "after",
      `
A boot entry can be booted directly, with a serial console: see --boot-entry of tinsmith build and tinsmith rebuild.

Example:
  $ tinsmith iso TinyCore.iso`,
    );
}

function describe(facts: IsoFacts): string {
  const { label, size, distribution, entries } = facts;
  const lines = [
    ["label", label || "none"],
    ["size", formatBytes(size)],
    ["system", describeSystem(facts)],
    ["boots", describeBoots(facts.boots)],
    ...(distribution?.suggested
      ? [
          [
            "suggested",
            `${distribution.suggested.size} GiB disk, ${distribution.suggested.memory} MiB memory`,
          ],
        ]
      : []),
  ];
  const shown = entries.flatMap(({ title, kernel, initrds, parameters, isDefault }, index) => [
    `  ${index + 1} ${title}${isDefault ? " (default)" : ""}`,
    `    ${[kernel, ...initrds].join(" ")}`,
    `    ${parameters}`,
  ]);
  return [
    ...lines.map(([name = "", value]) => `${name.padEnd(10)}${value}`),
    ...(shown.length === 0 ? ["no boot entries with a Linux kernel"] : ["boot entries:", ...shown]),
    "",
  ].join("\n");
}
