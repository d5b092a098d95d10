import { defaultFilter, Command as Palette } from "cmdk";
import type { ReactNode } from "react";
import { noteDialog } from "../state/messages/top-layer.ts";
import "./palette-dialog.css";

interface PaletteDialogProps {
  /** Its name for screen readers. */
  readonly label: string;
  /** Says what can be typed. */
  readonly placeholder: string;
  /** Shown when nothing has the typed text. */
  readonly empty: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A list from which a person chooses by typing. */
export function PaletteDialog({ label, placeholder, empty, onClose, children }: PaletteDialogProps) {
  return (
    <Palette.Dialog
      ref={noteDialog}
      open
      onOpenChange={(open) => open || onClose()}
      // For Radix it is the newest toast's, if one has come meanwhile.
      onKeyDown={({ key }) => {
        if (key === "Escape") onClose();
      }}
      label={label}
      filter={matchTitle}
      {...(document.fullscreenElement && { container: document.fullscreenElement as HTMLElement })}
      overlayClassName="dialog-backdrop"
      contentClassName="palette"
    >
      <Palette.Input className="palette-input" placeholder={placeholder} />
      <Palette.List className="palette-list">
        <Palette.Empty className="palette-empty">{empty}</Palette.Empty>
        {children}
      </Palette.List>
    </Palette.Dialog>
  );
}

interface PaletteItemProps {
  /** Tells it from the others: two may have the same text. */
  readonly id: string;
  /** The text that a person sees of it, by which it is found. */
  readonly texts: readonly string[];
  readonly isDisabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

/** One thing that can be chosen. */
export function PaletteItem({ id, texts, isDisabled = false, onSelect, children }: PaletteItemProps) {
  return (
    <Palette.Item
      value={id}
      keywords={[...texts]}
      className="palette-item"
      disabled={isDisabled}
      onSelect={onSelect}
    >
      {children}
    </Palette.Item>
  );
}

/** The score of letters that are spread over a text: any seven letters are somewhere in it. Words and their beginnings have 0.5 and more. */
const spreadLetters = 0.05;

/** Items are distinguished by their ids, since two may have one title, and found by the text that a person sees of them. */
function matchTitle(_id: string, search: string, titles: readonly string[] = []): number {
  const score = defaultFilter(titles.join(" "), search);
  return score < spreadLetters ? 0 : score;
}
