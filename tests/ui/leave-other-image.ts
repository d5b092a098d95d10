import { join } from "node:path";
import type { FileChange } from "../../shared/contents/compare-lists.ts";
import type { ListedEntry } from "../../shared/contents/file-list.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";

const top = "/disk.img/partition1";

function file(path: string, size: number, more: Partial<ListedEntry> = {}): ListedEntry {
  return {
    path: top + path,
    kind: "file",
    mode: 0o644,
    size,
    allocated: size,
    links: 1,
    digest: `${size}`,
    ...more,
  };
}

/** @param before bytes, absent for a file that is new; and likewise `after` */
function change(path: string, before?: number, after?: number, more: Partial<FileChange> = {}): FileChange {
  return {
    path: top + path,
    change: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    ...(before !== undefined && { before: file(path, before) }),
    ...(after !== undefined && { after: file(path, after) }),
    metadata: [],
    ...more,
  };
}

const changes: readonly FileChange[] = [
  change("/etc/hostname", 4, 4, {
    change: "metadata",
    metadata: ["mode"],
    after: file("/etc/hostname", 4, { mode: 0o600 }),
  }),
  change("/etc/rc.local", 102, 121),
  change("/home/old-notes", 4_211),
  change("/mydata.tgz/home/.ashrc", 18, 24),
  change("/opt/guest-tools", 5_400_000, 6_600_000),
  change("/opt/plugins/screen.so", undefined, 71_000),
  change("/opt/plugins/sound.so", undefined, 12_900),
  change("/var/log/messages", 4_000, 4_180, { expected: "the guest's logs, with their times" }),
  change("/var/lib/random-seed", 512, 512, { expected: "random bytes for the next boot" }),
];

/** The worker image of tinycore, which differs from the first one in some files. */
export async function leaveOtherImage({ workspace, leaveArchive, contents }: ScriptedEngine): Promise<void> {
  const other = join(workspace, "tinycore/tinycore-worker.tar.lz4");
  await leaveArchive(other);
  const script =
    '#!/bin/sh\n# Starts what the guest needs.\nset -e\nmount -a\nmodprobe snd\n/opt/guest-tools --poll 20 &\necho "ready"\n';
  contents.leave(other, {
    files: {
      "disk.img": {
        files: { partition1: { files: { etc: { files: { "rc.local": { content: script } } } } } },
      },
    },
  });
  contents.compareAs({
    comparison: { changes, growth: 1_279_908 },
    problems: ["/disk.img/partition1/broken.tgz can't be read: it ends inside a block"],
  });
}
