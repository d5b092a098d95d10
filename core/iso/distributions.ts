import type { Distribution } from "../../shared/library/iso-facts.ts";
import type { Volume } from "../file-systems/iso/volume.ts";
import type { IsoTree } from "./file-system/iso-tree.ts";

interface KnownSystem {
  readonly name: string;
  /** A pattern for the volume's label, or for the program that made it; its group is the version. */
  readonly label?: RegExp;
  readonly application?: RegExp;
  /** A file that only this system has; with a pattern, its content names the version. */
  readonly file?: string;
  readonly content?: RegExp;
  /** GiB and MiB, rounded up from the publisher's own requirements for a small installation. */
  readonly suggested?: { readonly size: number; readonly memory: number };
}

/** The file in which Debian and its relatives describe their ISOs: `Debian GNU/Linux 12.5.0 "Bookworm" - ...`. */
const diskInfo = "/.disk/info";

/** The known systems. The first one that fits counts. */
const knownSystems: readonly KnownSystem[] = [
  // images/microcore/iso/build.sh names it so. Its boot folder is like TinyCore's.
  { name: "microcore", label: /^MICROCORE$/, suggested: { size: 1, memory: 256 } },
  {
    name: "Debian",
    file: diskInfo,
    content: /^Debian GNU\/Linux (\d[\w.]*)/,
    suggested: { size: 4, memory: 1024 },
  },
  {
    name: "Ubuntu Server",
    file: diskInfo,
    content: /^Ubuntu-Server (\d[\w.]*)/,
    suggested: { size: 10, memory: 2048 },
  },
  { name: "Ubuntu", file: diskInfo, content: /^Ubuntu (\d[\w.]*)/, suggested: { size: 25, memory: 4096 } },
  {
    name: "Alpine Linux",
    file: "/.alpine-release",
    content: /(\d+\.\d+[\w.]*)/,
    suggested: { size: 1, memory: 512 },
  },
  { name: "TinyCore", file: "/boot/core.gz", suggested: { size: 1, memory: 256 } },
  { name: "TinyCore (64 bits)", file: "/boot/corepure64.gz", suggested: { size: 1, memory: 256 } },
  { name: "Fedora", label: /^Fedora-.*?-(\d+)\b/, suggested: { size: 20, memory: 4096 } },
  { name: "Arch Linux", label: /^ARCH_(\d{6})/, suggested: { size: 4, memory: 1024 } },
  { name: "Memtest86+", label: /^MT86PLUS/ },
  { name: "iPXE", application: /^iPXE\b/i },
];

/** Finds out which known system an ISO brings; undefined if none. */
export async function findDistribution(
  { label, applicationId }: Volume,
  tree: IsoTree,
): Promise<Distribution | undefined> {
  for (const known of knownSystems) {
    const { name, suggested } = known;
    const found =
      known.label?.exec(label) ??
      known.application?.exec(applicationId) ??
      (known.file === undefined ? undefined : await findFile(known.file, known.content, tree));
    if (!found) continue;
    const [, version] = found;
    return { name, ...(version !== undefined && { version }), ...(suggested && { suggested }) };
  }
  return undefined;
}

async function findFile(path: string, content: RegExp | undefined, tree: IsoTree) {
  if (!content) return (await tree.find(path)) ? [] : undefined;
  const text = await tree.readText(path).catch(() => undefined);
  return text === undefined ? undefined : content.exec(text);
}
