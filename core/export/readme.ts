import { exportParts, type OptionalPart } from "../../shared/app/export.ts";
import type { Finding, Versions } from "../../shared/app/host.ts";
import { formatBytes, formatCount } from "../../shared/text/format.ts";
import type { ExportSubject } from "./export-source.ts";
import type { Redaction } from "./redaction/redaction.ts";
import type { TarEntry } from "./write-tar-gz.ts";

/** The facts that an export's README states. */
interface Description {
  readonly subject: ExportSubject;
  readonly versions: Versions;
  readonly findings: readonly Finding[];
  readonly entries: readonly TarEntry[];
  readonly leaveOut: readonly OptionalPart[];
  /** Has the counts of replacements. */
  readonly redaction: Redaction;
}

/** The values that are not found. */
const honesty = `Tinsmith looks for the values of variables as text, also as JSON, addresses and shells write it, in hexadecimal digits and in
base64. It does not find a value that is broken over two lines, in a picture, compressed, encrypted or written in another
way, nor other private things that a guest prints. Look at all of it before you send it.`;

/** The text that comes first in an export. */
export function describeExport(description: Description): string {
  const { subject, versions, findings, entries, leaveOut, redaction } = description;
  const replaced = [...redaction.counts].map(([what, count]) => `- ${what}: ${formatCount(count, "time")}`);
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
    "## Left out",
    ["Replaced by a word in brackets, or by ~:", ...listOf(replaced, "none was found")].join("\n"),
    [
      "As you chose:",
      ...listOf(
        leaveOut.map((part) => `- ${exportParts[part]}`),
        "nothing",
      ),
    ].join("\n"),
    honesty,
    "## This host",
    findings.map(({ ok, subject, text }) => `- ${ok ? "" : "MISSING: "}${subject}: ${text}`).join("\n"),
  ];
  // Names of variables, which may be among the replaced values, are not secrets; their values are.
  return `${redaction.text(text.join("\n\n"))}\n`;
}

function listOf(lines: readonly string[], none: string): readonly string[] {
  return lines.length > 0 ? lines : [`- ${none}`];
}
