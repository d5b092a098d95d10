import { FolderInput } from "lucide-react";
import { useEffect, useState } from "react";
import { AppError } from "../../../shared/errors/errors.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { desktop } from "../../client/desktop.ts";
import { openPath } from "../../state/files/open-path.ts";
import { takeDropped } from "../../state/guest/dropped-items.ts";
import { dropIntoGuest, findGuestDrop, type GuestDropTarget } from "../../state/guest/guest-drop.ts";
import { whenNoDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import "./drop-zone.css";

/** Takes files that are dropped anywhere on the window; a browser would leave the page for them. */
export function DropZone() {
  const [over, setOver] = useState<Over>();
  useEffect(() => {
    // Every element that the pointer enters and leaves says so.
    let depth = 0;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const guest = findGuestDrop(event.target);
      setOver((before) => (before && before.guest?.element === guest?.element ? before : { guest }));
    };
    const onEnter = (event: DragEvent) => {
      if (hasFiles(event)) depth += 1;
      onOver(event);
    };
    const onLeave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(undefined);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(undefined);
      const guest = findGuestDrop(event.target);
      if (guest && event.dataTransfer) dropIntoGuest(guest, takeDropped(event.dataTransfer));
      else void openDropped([...(event.dataTransfer?.files ?? [])]);
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
  if (!over) return null;
  const { guest } = over;
  return (
    <div className="drop-zone" style={guest && placeOver(guest.element)}>
      <p className="drop-zone-card">
        <FolderInput size={24} aria-hidden />
        <strong>{guest ? "Drop to copy into the guest" : "Drop to open"}</strong>
        <span>
          {guest
            ? describeFolder(guest)
            : "Image archives, disks, recipes, ISOs; a folder becomes a data CD."}
        </span>
      </p>
    </div>
  );
}

/** The place of the pointer while files are dragged over the window. */
interface Over {
  readonly guest: GuestDropTarget | undefined;
}

function describeFolder({ folder }: GuestDropTarget): string {
  return folder === undefined ? "Tinsmith asks you where." : `Into ${escapeName(folder)}.`;
}

/** The style that covers an element, and nothing else. */
function placeOver(element: HTMLElement): { readonly inset: string } {
  const { top, right, bottom, left } = element.getBoundingClientRect();
  const sides = [top, window.innerWidth - right, window.innerHeight - bottom, left];
  return { inset: sides.map((side) => `${side}px`).join(" ") };
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
