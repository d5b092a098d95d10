import { useStore } from "zustand";
import { library } from "../../state/connection/app-state.ts";
import { knownImages, olderFirst } from "../../state/contents/known-images.ts";
import { fileName } from "../../state/files/file-name.ts";
import { showImage, showImageComparison } from "../../state/layout/panels.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { PaletteDialog, PaletteItem } from "../../ui/palette-dialog.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";

interface ChooseImageDialogProps {
  /** The image that the chosen one is compared with. */
  readonly compared: string | undefined;
  readonly onClose: () => void;
}

/** Asks for an image to look into, or to compare one with: one of the library, or another file. */
export function ChooseImageDialog({ compared, onClose }: ChooseImageDialogProps) {
  const value = useStore(library, (state) => state.value);
  return (
    <PaletteDialog
      label={compared === undefined ? "Look inside an image" : "Compare with"}
      placeholder={compared === undefined ? "Look inside an image…" : `Compare “${fileName(compared)}” with…`}
      empty="No matching image."
      onClose={onClose}
    >
      {knownImages(value, compared).map(({ path, title, modified }) => (
        <PaletteItem
          key={path}
          id={path}
          texts={[title, path]}
          onSelect={() => {
            onClose();
            if (compared === undefined) showImage(path);
            else showImageComparison(...olderFirst(value, compared, path));
          }}
        >
          <span>{title}</span>
          <span className="palette-reason">
            {fileName(path)}, <RelativeTime at={modified} />
          </span>
        </PaletteItem>
      ))}
      <PaletteItem
        id="other"
        texts={["Another file…"]}
        onSelect={() => openDialog({ name: "image-path", compared })}
      >
        <span>Another file…</span>
      </PaletteItem>
    </PaletteDialog>
  );
}
