import { File, FileArchive, FileSymlink, Folder, FolderOpen, type LucideIcon, Plug } from "lucide-react";
import type { ContentEntry, EntryKind } from "../../../shared/contents/entry.ts";

const icons: Readonly<Record<EntryKind, LucideIcon>> = {
  file: File,
  folder: Folder,
  symlink: FileSymlink,
  fifo: Plug,
  socket: Plug,
  "char-device": Plug,
  "block-device": Plug,
};

interface EntryIconProps {
  readonly entry: Pick<ContentEntry, "kind" | "mayHoldFiles">;
  readonly isOpen?: boolean;
}

/** Tells folders, files that hold files, and other kinds of entries apart. */
export function EntryIcon({ entry: { kind, mayHoldFiles }, isOpen = false }: EntryIconProps) {
  const Icon = mayHoldFiles ? FileArchive : kind === "folder" && isOpen ? FolderOpen : icons[kind];
  return <Icon className="entry-icon" data-folder={kind === "folder" || undefined} size={14} aria-hidden />;
}
