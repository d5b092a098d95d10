import { exportParts, type OptionalPart } from "../../shared/export.ts";
import { formatBytes } from "../../shared/format.ts";
import type { Finding, Versions } from "../../shared/host.ts";
import type { Redaction } from "./redaction.ts";
import type { ExportSubject } from "./subject.ts";
import type { TarEntry } from "./write-tar-gz.ts";

/** What an export says of itself. */
interface Description {
  readonly subject: ExportSubject;
  readonly versions: Versions;
  readonly findings: readonly Finding[];
  readonly entries: readonly TarEntry[];
  readonly leaveOut: readonly OptionalPart[];
  /** Knows what was replaced. */
  readonly redaction: Redaction;
}

/** What nobody can find by looking for it. */
const honesty = `What a guest prints may hold private things that nobody can know by looking for them: a value that is broken
over two lines, in a picture, compressed, or encoded in another way than as text, JSON, an address or base64. So look at
it before you send it.`;

/** The text that comes first in an export. */
export function describeExport(description: Description): string {
  const { subject, versions, findings, entries, leaveOut, redaction } = description;
  const replaced = [...redaction.counts].map(([what, count]) => `- ${what}: ${count} times`);
  const text = [
    `# ${subject.title}`,
    `\`${subject.id}\`, exported by Tinsmith for a bug report on ${new Date().toISOString()}.`,
    "## Versions",
    [
      `- Tinsmith ${versions.tinsmith}`,
      `- Node ${versions.node}`,
      `- QEMU: ${versions.qemu}`,
      `- System: ${versions.system}`,
    ].join("\n"),
    "## Files",
    entries.map(({ name, size }) => `- ${name}: ${formatBytes(size)}`).join("\n"),
    "## What is left out",
    ["Replaced by a word in brackets, or by ~:", ...listOf(replaced, "nothing of the kind was found")].join(
      "\n",
    ),
    [
      "On wish:",
      ...listOf(
        leaveOut.map((part) => `- ${exportParts[part]}`),
        "nothing",
      ),
    ].join("\n"),
    honesty,
    "## What this host has",
    findings.map(({ ok, subject, text }) => `- ${ok ? "" : "MISSING: "}${subject}: ${text}`).join("\n"),
  ];
  // The names of variables, which are among what was replaced, are no secrets; values are.
  return `${redaction.text(text.join("\n\n"))}\n`;
}

function listOf(lines: readonly string[], none: string): readonly string[] {
  return lines.length > 0 ? lines : [`- ${none}`];
}
