import { GitCompareArrows, RefreshCw, ScrollText, Search, X } from "lucide-react";
import { useState } from "react";
import type { SearchedPart } from "../../../shared/contents/search.ts";
import { readImageAgain } from "../../state/contents/opened-images.ts";
import type { useImageSearch } from "../../state/contents/use-image-search.ts";
import { shortPath } from "../../state/files/file-name.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button, IconButton } from "../../ui/button.tsx";

interface ImageHeadProps {
  readonly image: string;
  readonly searching: ReturnType<typeof useImageSearch>;
  readonly showsManifest: boolean;
  readonly onManifest: (isShown: boolean) => void;
}

/** The name of an image, its search, and the commands for the whole of it. */
export function ImageHead({
  image,
  searching: { search, start, cancel, clear },
  showsManifest,
  onManifest,
}: ImageHeadProps) {
  const [text, setText] = useState("");
  const [part, setPart] = useState<SearchedPart>("names");
  const end = () => {
    setText("");
    clear();
  };
  return (
    <header className="image-head">
      <span className="image-name" title={image}>
        {shortPath(image)}
      </span>
      <form
        className="image-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (text !== "") void start(text, part);
        }}
      >
        <input
          className="text-input"
          type="search"
          aria-label="Search the image"
          placeholder={part === "names" ? "Name, *.sh or /opt/" : "Search in files"}
          value={text}
          spellCheck={false}
          onChange={({ target }) => {
            setText(target.value);
            if (target.value === "") clear();
          }}
          onKeyDown={({ key }) => key === "Escape" && end()}
        />
        <select
          className="text-input"
          aria-label="Search in"
          value={part}
          onChange={({ target }) => setPart(target.value as SearchedPart)}
        >
          <option value="names">Names</option>
          <option value="contents">Contents</option>
        </select>
        {search?.status === "running" ? (
          // A button of its own: the same click would submit the form with the one that takes its place.
          <IconButton key="cancel" icon={X} label="Cancel search" onClick={cancel} />
        ) : (
          <IconButton
            key="search"
            icon={Search}
            label="Search image"
            type="submit"
            disabledReason={text === "" ? "type a text first" : undefined}
          />
        )}
      </form>
      <IconButton icon={RefreshCw} label="Read the image again" onClick={() => void readImageAgain(image)} />
      <Button icon={ScrollText} aria-pressed={showsManifest} onClick={() => onManifest(!showsManifest)}>
        Show manifest
      </Button>
      <Button icon={GitCompareArrows} onClick={() => openDialog({ name: "choose-image", compared: image })}>
        Compare with…
      </Button>
    </header>
  );
}
