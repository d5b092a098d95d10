import type { Manifest } from "../../shared/library/manifest.ts";
import type { Finding } from "../../shared/library/verification.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";

const sha256 = (digit: string) => digit.repeat(64);

const findings: readonly Finding[] = [
  {
    subject: "archive",
    ok: true,
    text: `microcore-worker.tar.lz4 is the archive of its manifest: 12.1 MB, sha256 ${sha256("a")}.`,
  },
  {
    subject: "files",
    ok: false,
    text: "The 1,204 files in it are not those of the manifest: 1 difference.",
    advice: "Find out who has changed them.",
    changes: [
      {
        path: "/disk.img/partition1/etc/motd",
        change: "removed",
        before: {
          ...{ path: "/disk.img/partition1/etc/motd", kind: "file", size: 5, allocated: 4096, links: 1 },
          digest: sha256("d"),
        },
        metadata: [],
      },
    ],
  },
  { subject: "inputs", ok: true, text: "Its 3 inputs are those on disk now." },
];

/** A manifest for the images, whose verification finds a file that is gone. @param session the one that made them */
export function leaveManifest({ contents }: ScriptedEngine, session = "20261124-050313-d739"): void {
  const manifest: Manifest = {
    archive: { name: "microcore-worker.tar.lz4", size: 12_100_000, sha256: sha256("a") },
    kind: "worker",
    made: "2026-11-24T05:03:34.000Z",
    files: { entries: 1204, sha256: sha256("b") },
    recipe: { set: "microcore", sha256: sha256("c") },
    session,
    inputs: [
      { kind: "recipe", name: "recipe.yaml", digest: sha256("1") },
      { kind: "setup-image", name: "setup image", digest: sha256("2") },
      { kind: "guest-tools", name: "guest tools", digest: sha256("3") },
    ],
    tools: { Tinsmith: "1.4.0", QEMU: "7.2.17", "qemu-img": "7.2.17" },
  };
  contents.leaveManifest(manifest, findings);
}
