/**
 * The layers of core/, the lowest first, and those within a folder: nobody imports from a higher one. A folder's own
 * files are "".
 *
 * A folder that isn't here is not in a layer yet: `tests/layers.test.ts` says so.
 */
export const layers: readonly (readonly [folder: string, within?: readonly string[]])[] = [
  ["time"],
  ["async"],
  ["files", ["", "locks", "writing", "logs"]],
  ["process"],
  ["network", ["", "fetching"]],
  ["storage"],
  ["manifest"],
  ["signature"],
  ["cache"],
  ["image", ["", "disk", "tar", "compression", "archive"]],
  ["file-systems", ["", "ext", "fat", "iso", "squashfs", "cpio", "tar", "compressed", "partitions"]],
  ["iso", ["file-system", "boot", ""]],
  ["contents", ["tree", "", "change"]],
  ["session-record"],
  ["recording"],
  ["crash"],
  [
    "metaservice",
    ["", "record", "http", "rules", "intercept", "findings", "actions", "shell", "endpoints", "service"],
  ],
  ["qemu", ["hardware", "arguments", "text-screen", "process", "keyboard"]],
  ["accelerator"],
  ["vm", ["pause", "checkpoint", ""]],
  ["recorder"],
  ["states"],
  ["session", ["host-terminal", "live", "console", "serve", "client"]],
  ["runner"],
  ["image-set"],
  ["scenario", ["", "save"]],
  ["conformance", ["guest", "service"]],
  ["comparison"],
  ["autopilot", ["console", "region", ""]],
  ["install-recorder", ["cast", "script", "live"]],
  ["builder", ["growth", "by-hand", "inputs", "freshness", "retry", "warm", "", "verify"]],
  ["watch"],
  ["plan"],
  ["matrix", ["", "engines", "engines/slurm"]],
  ["export", ["redaction", ""]],
  ["remotes", ["", "file", "web", "oci", "transfer"]],
  ["doctor"],
  ["site"],
  ["app", ["library", "settings", "sessions", "paths", "contents", ""]],
];

/** The folders of the layers in their order, such as `core/image/tar`. */
export const layerFolders: readonly string[] = layers.flatMap(([folder, within = [""]]) =>
  within.map((inner) => ["core", folder, inner].filter(Boolean).join("/")),
);

/** An import of a higher layer. */
export interface UpwardImport {
  readonly file: string;
  readonly imports: string;
}

/**
 * Finds what files of core/ import from a higher layer.
 *
 * @param imports the files that each file imports
 */
export function findUpwardImports(imports: ReadonlyMap<string, readonly string[]>): readonly UpwardImport[] {
  return [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => target.startsWith("core/") && levelOf(target) > levelOf(file))
      .map((target) => ({ file, imports: target })),
  );
}

/** The number of a file's layer; -1 outside of core/ and in a folder that is none. */
export function levelOf(file: string): number {
  return layerFolders.indexOf(file.slice(0, file.lastIndexOf("/")));
}
