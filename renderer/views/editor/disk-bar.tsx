import { FileClock } from "lucide-react";
import { fileName } from "../../state/files/file-name.ts";
import { keepingMine, newsOnDisk, type OpenFile, takingTheirs } from "../../state/files/open-file.ts";
import { changeFile } from "../../state/files/open-files.ts";
import { Button } from "../../ui/button.tsx";

interface DiskBarProps {
  readonly path: string;
  readonly file: OpenFile;
  readonly isComparing: boolean;
  readonly onCompare: (wanted: boolean) => void;
}

/** Says how the file on disk has changed, when it is not the content that the text was made from. */
export function DiskBar({ path, file, isComparing, onCompare }: DiskBarProps) {
  const news = newsOnDisk(file);
  if (news === "none" && file.base === null)
    return (
      <p className="editor-bar" role="status">
        This file does not exist yet. Saving the text creates it.
      </p>
    );
  if (news === "none") return null;
  return (
    <div className="editor-bar editor-bar-warn" role="alert">
      <FileClock size={16} aria-hidden />
      <p>
        {news === "gone"
          ? `${fileName(path)} is no longer on disk. Keep this text to save it again.`
          : `${fileName(path)} has changed on disk, and here too.`}
      </p>
      {news === "changed" && (
        <>
          <Button aria-pressed={isComparing} onClick={() => onCompare(!isComparing)}>
            {isComparing ? "Show the text" : "Compare versions"}
          </Button>
          <Button onClick={() => changeFile(path, takingTheirs)}>Load disk version</Button>
        </>
      )}
      <Button look="primary" onClick={() => changeFile(path, keepingMine)}>
        Keep this version
      </Button>
    </div>
  );
}
