import { FolderX } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { findPart } from "../../state/contents/disk-parts.ts";
import { findEntry, imageRows, topPath } from "../../state/contents/image-tree.ts";
import {
  chooseEntry,
  confirmUnpacking,
  openedImage,
  openTop,
  readFolderAgain,
  revealEntry,
  sortImage,
} from "../../state/contents/opened-images.ts";
import { soughtContent, useImageSearch } from "../../state/contents/use-image-search.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { DownloadList } from "./download-list.tsx";
import { EntryDetail } from "./entry-detail.tsx";
import { EntryTree } from "./entry-tree.tsx";
import { FoundList } from "./found-list.tsx";
import { ImageBody } from "./image-body.tsx";
import { ImageHead } from "./image-head.tsx";
import { ManifestView } from "./manifest/manifest-view.tsx";
import { UnpackQuestion } from "./unpack-question.tsx";
import "./image.css";
import "./entries.css";
import "./entry-detail.css";
import { PartBar } from "./part-bar.tsx";

interface ImageViewProps {
  readonly image: string;
  /** Whether the panel can be seen. */
  readonly isVisible: boolean;
}

/** The files in an image, which is not booted: a tree, a search, and a preview of the chosen one. */
export function ImageView({ image, isVisible }: ImageViewProps) {
  const tree = useStore(openedImage(image));
  const { folders, open, sort } = tree;
  const rows = useMemo(() => imageRows({ folders, open }, sort), [folders, open, sort]);
  const searching = useImageSearch(image);
  useEffect(() => void openTop(image), [image]);
  const top = tree.folders.get(topPath);
  const found = searching.search?.found.find(({ path }) => path === tree.chosen);
  const entry = found ?? findEntry(tree, tree.chosen);
  const [showsManifest, setShowsManifest] = useState(false);
  const choose = (path: string) => {
    chooseEntry(image, path);
    setShowsManifest(false);
  };
  const reveal = (path: string) => {
    setShowsManifest(false);
    void revealEntry(image, path);
    searching.clear();
  };
  if (top?.error?.code === "not-confirmed")
    return (
      <UnpackQuestion
        title="Unpack this image?"
        error={top.error}
        label="Unpack image"
        onConfirm={async () => {
          await confirmUnpacking(image);
          await readFolderAgain(image, topPath);
        }}
      />
    );
  if (top?.error)
    return (
      <EmptyState icon={FolderX} title="Tinsmith can't look inside this file">
        <ErrorText error={top.error} />
        <Button onClick={() => void readFolderAgain(image, topPath)}>Try again</Button>
      </EmptyState>
    );
  return (
    <section className="image" aria-label="Image">
      <ImageHead
        image={image}
        searching={searching}
        showsManifest={showsManifest}
        onManifest={setShowsManifest}
      />
      {top?.content ? (
        <>
          <PartBar tree={tree} onOpen={reveal} />
          <ImageBody
            column="image-files"
            list={
              searching.search ? (
                <FoundList
                  search={searching.search}
                  chosen={tree.chosen}
                  onChoose={choose}
                  onShow={() => reveal(tree.chosen)}
                  onUnpack={async () => {
                    await confirmUnpacking(image);
                    await searching.again();
                  }}
                />
              ) : (
                <EntryTree
                  image={image}
                  rows={rows}
                  sort={sort}
                  onSort={(next) => sortImage(image, next)}
                  chosen={tree.chosen}
                  onChoose={choose}
                />
              )
            }
            detail={
              showsManifest ? (
                <ManifestView image={image} />
              ) : (
                <EntryDetail
                  key={tree.chosen}
                  image={image}
                  entry={entry}
                  folder={tree.folders.get(tree.chosen)}
                  sought={soughtContent(searching.search)}
                  part={findPart(tree, tree.chosen)}
                />
              )
            }
          />
        </>
      ) : (
        <div className="image-wait">
          <ProgressBar label="Opening the image" />
          <p>
            Opening the image. If its disk has to be unpacked into the cache, the first time takes longer.
          </p>
        </div>
      )}
      <DownloadList image={image} isVisible={isVisible} />
    </section>
  );
}
