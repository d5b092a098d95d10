import { FolderInput } from "lucide-react";
import { useEffect, useState } from "react";
import { AppError } from "../../../shared/errors/errors.ts";
import { desktop } from "../../client/desktop.ts";
import { openPath } from "../../state/files/open-path.ts";
import { whenNoDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import "./drop-zone.css";

/** Takes files that are dropped anywhere on the window; a browser would leave the page for them. */
export function DropZone() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Every element that the pointer enters and leaves says so.
    let depth = 0;
    const enter = (by: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    const onEnter = enter(1);
    const onLeave = enter(-1);
    const onOver = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void openDropped([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragenter", onEnter);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("dragover", onOver);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragenter", onEnter);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("drop", onDrop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-zone">
      <p className="drop-zone-card">
        <FolderInput size={24} aria-hidden />
        <strong>Drop to open</strong>
        <span>Image archives, recipes, ISOs; a folder becomes a data CD.</span>
      </p>
    </div>
  );
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** One after the other: the question about one is answered before the next one is asked. */
async function openDropped(files: readonly File[]): Promise<void> {
  for (const file of files) {
    await whenNoDialog();
    await openFile(file).catch(sayError);
  }
}

async function openFile(file: File): Promise<void> {
  const path = desktop()?.pathOf(file);
  if (path) return await openPath(path);
  throw new AppError({
    code: "usage",
    message: desktop()
      ? `${file.name} is not a file on this host's disks`
      : `a browser does not reveal where ${file.name} is on the host`,
    advice: desktop()
      ? "Save it as a file first, then drop that file."
      : "Open an archive, install a setup image or insert a CD by its path instead.",
  });
}
