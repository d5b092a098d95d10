import { FolderX, GitCompareArrows, RefreshCw } from "lucide-react";
import { useMemo, useState } from "react";
import type { ChangeKind, ImageComparison } from "../../../../shared/contents/compare-lists.ts";
import { capitalizeMessage } from "../../../../shared/text/capitalize-message.ts";
import { app } from "../../../client/api-client.ts";
import { changeKinds, changeRows, changeTree, pickChanges } from "../../../state/contents/change-tree.ts";
import { confirmUnpacking } from "../../../state/contents/opened-images.ts";
import { swapComparison } from "../../../state/contents/swap-comparison.ts";
import { useAnswer } from "../../../state/contents/use-answer.ts";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { DownloadList } from "../download-list.tsx";
import { ImageBody } from "../image-body.tsx";
import { UnpackQuestion } from "../unpack-question.tsx";
import { ChangeBar } from "./change-bar.tsx";
import { ChangeDetail } from "./change-detail.tsx";
import { ChangeTree } from "./change-tree.tsx";
import "../image.css";
import "../entries.css";
import "../entry-detail.css";
import "./comparison.css";

/** Paths of two images. */
export type ImagePair = readonly [first: string, second: string];

interface ImageComparisonViewProps {
  readonly images: ImagePair;
  /** Whether the panel can be seen. */
  readonly isVisible: boolean;
}

/** The files that differ between two images, folded by their folders. */
export function ImageComparisonView({ images, isVisible }: ImageComparisonViewProps) {
  // In either order, so that they can be swapped without being read once more.
  const isSwapped = images[0] > images[1];
  const [first, second] = isSwapped ? [images[1], images[0]] : images;
  const { result, error, askAgain } = useAnswer(`${first}\0${second}`, (signal) =>
    app().contents.compare({ first, second }, { signal }),
  );
  const compared = useMemo(
    () => (result && isSwapped ? swapComparison(result) : result),
    [result, isSwapped],
  );
  if (error?.code === "not-confirmed")
    return (
      <UnpackQuestion
        title="Unpack these images?"
        error={error}
        label="Unpack images"
        onConfirm={async () => {
          await confirmUnpacking(first, second);
          askAgain();
        }}
      />
    );
  if (error)
    return (
      <EmptyState icon={FolderX} title="Tinsmith can't compare these images">
        <ErrorText error={error} />
        <Button icon={RefreshCw} onClick={askAgain}>
          Compare again
        </Button>
      </EmptyState>
    );
  if (!compared)
    return (
      <div className="image-wait">
        <ProgressBar label="Comparing the images" />
        <p>Reading all files of both images.</p>
      </div>
    );
  return <Changes images={images} compared={compared} isVisible={isVisible} onAgain={askAgain} />;
}

interface ChangesProps {
  readonly images: ImagePair;
  readonly compared: ImageComparison;
  readonly isVisible: boolean;
  readonly onAgain: () => void;
}

function Changes({ images, compared: { comparison, problems }, isVisible, onAgain }: ChangesProps) {
  const { changes } = comparison;
  const [kinds, setKinds] = useState<ReadonlySet<ChangeKind>>(new Set(changeKinds));
  const [hidesExpected, setHidesExpected] = useState(true);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string>();
  const tree = useMemo(
    () => changeTree(pickChanges(changes, { kinds, hidesExpected })),
    [changes, kinds, hidesExpected],
  );
  const rows = useMemo(() => changeRows(tree, closed), [tree, closed]);
  const row = rows.find(({ key }) => key === chosen);
  return (
    <section className="image" aria-label="Comparison of images">
      <ChangeBar
        images={images}
        comparison={comparison}
        kinds={kinds}
        onKinds={setKinds}
        hidesExpected={hidesExpected}
        onHidesExpected={setHidesExpected}
        onAgain={onAgain}
      />
      {problems.length > 0 && (
        <ul className="change-problems" aria-label="Parts that were not compared">
          {problems.map((problem) => (
            <li key={problem}>{capitalizeMessage(problem)}</li>
          ))}
        </ul>
      )}
      {rows.length === 0 ? (
        <EmptyState
          icon={GitCompareArrows}
          title={changes.length === 0 ? "The images have the same files" : "No such difference"}
        >
          <p>
            {changes.length === 0
              ? "No file, and no metadata of a file, differs."
              : "The filters above hide all differences."}
          </p>
        </EmptyState>
      ) : (
        <ImageBody
          column="changed-files"
          className="changes-body"
          list={
            <ChangeTree
              rows={rows}
              chosen={chosen}
              onChoose={setChosen}
              onToggle={(path, isOpen) =>
                setClosed((before) => {
                  const next = new Set(before);
                  if (isOpen) next.delete(path);
                  else next.add(path);
                  return next;
                })
              }
            />
          }
          detail={<ChangeDetail key={chosen} images={images} row={row} />}
        />
      )}
      {images.map((image, index) => (
        <DownloadList
          key={image}
          image={image}
          isVisible={isVisible}
          label={`Downloads from the ${index === 0 ? "first" : "second"} image`}
        />
      ))}
    </section>
  );
}
