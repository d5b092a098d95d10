import type { PathKind } from "../../../shared/app/path-kind.ts";
import type { PathQuestion } from "../../../shared/contracts/desktop-contract.ts";
import { desktop } from "../../client/desktop.ts";

const archives = { name: "Image archives", extensions: ["lz4", "zst"] };
const isos = { name: "ISO images", extensions: ["iso"] };
const recipes = { name: "Recipes", extensions: ["yaml"] };
const disks = ["qcow2", "vmdk", "vdi", "raw", "img"];
const images = {
  name: "Images and archives of files",
  extensions: ["lz4", "zst", ...disks, "iso", "tcz", "squashfs", "tgz", "tar", "gz"],
};
const all = { name: "All files", extensions: ["*"] };

const questions = {
  archive: { title: "Choose an image archive", kind: "file", filters: [archives, all] },
  "archive-or-disk": {
    title: "Choose an image archive or a disk",
    kind: "file",
    filters: [{ name: "Image archives and disks", extensions: [...archives.extensions, ...disks] }, all],
  },
  iso: { title: "Choose an ISO", kind: "file", filters: [isos, all] },
  machine: {
    title: "Choose a machine definition",
    kind: "file",
    filters: [{ name: "Machine definitions", extensions: ["json"] }, all],
  },
  file: { title: "Choose a file", kind: "file", filters: [images, all] },
  folder: { title: "Choose a folder", kind: "folder" },
  "new-file": { title: "Save as", kind: "new-file" },
  anything: {
    title: "Open",
    kind: "file",
    filters: [
      {
        name: "Files that Tinsmith opens",
        extensions: [archives, recipes, isos, images].flatMap(({ extensions }) => extensions),
      },
      archives,
      recipes,
      isos,
      all,
    ],
  },
} as const satisfies Record<PathKind | "anything", PathQuestion>;
/** The kinds of paths that a person may be asked for. */
export type WantedPath = keyof typeof questions;

/** Asks for a path in the desktop's own dialog. @returns null when none was chosen, or there is no desktop */
export async function choosePath(wanted: WantedPath, startAt?: string): Promise<string | null> {
  const { title, kind, ...rest } = questions[wanted];
  const filters =
    "filters" in rest ? rest.filters.map((one) => ({ ...one, extensions: [...one.extensions] })) : [];
  const answer = await desktop()?.api.choosePath({ title, kind, filters, ...(startAt && { startAt }) });
  return answer?.path ?? null;
}
