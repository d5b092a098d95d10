import { choosePath, type WantedPath } from "../../state/forms/choose-path.ts";
import { Button } from "../button.tsx";

interface BrowseButtonProps {
  readonly wanted: WantedPath;
  /** The path to begin at. */
  readonly startAt: string;
  readonly onChoose: (path: string) => void;
}

/** Lets a person choose a path in the desktop's own dialog. */
export function BrowseButton({ wanted, startAt, onChoose }: BrowseButtonProps) {
  const choose = async () => {
    const path = await choosePath(wanted, startAt);
    if (path !== null) onChoose(path);
  };
  return <Button onClick={() => void choose()}>{wanted === "folder" ? "Folder…" : "Browse…"}</Button>;
}
