import { ArrowLeftRight, RefreshCw } from "lucide-react";
import type { ChangeKind, Comparison } from "../../../../shared/contents/compare-lists.ts";
import { formatBytes, formatCount } from "../../../../shared/text/format.ts";
import { changeKinds } from "../../../state/contents/change-tree.ts";
import { shortPath } from "../../../state/files/file-name.ts";
import { showImage, showImageComparison } from "../../../state/layout/panels.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { changeMarks } from "./change-marks.ts";
import type { ImagePair } from "./image-comparison-view.tsx";

interface ChangeBarProps {
  readonly images: ImagePair;
  readonly comparison: Comparison;
  readonly kinds: ReadonlySet<ChangeKind>;
  readonly onKinds: (kinds: ReadonlySet<ChangeKind>) => void;
  readonly hidesExpected: boolean;
  readonly onHidesExpected: (hidesExpected: boolean) => void;
  readonly onAgain: () => void;
}

/** The result of a comparison in words, and the filters of its changes. */
export function ChangeBar(props: ChangeBarProps) {
  const { images, comparison, kinds, onKinds, hidesExpected, onHidesExpected, onAgain } = props;
  const { changes, growth } = comparison;
  const expected = changes.filter((change) => change.expected !== undefined).length;
  const toggle = (kind: ChangeKind) => {
    const next = new Set(kinds);
    if (!next.delete(kind)) next.add(kind);
    onKinds(next);
  };
  return (
    <header className="change-bar">
      <p className="change-images">
        {images.map((image, index) => (
          <span key={image}>
            {index === 1 && <span aria-hidden>→</span>}
            <button type="button" className="link" title={image} onClick={() => showImage(image)}>
              {shortPath(image)}
            </button>
          </span>
        ))}
        <IconButton
          icon={ArrowLeftRight}
          label="Swap images"
          onClick={() => showImageComparison(images[1], images[0])}
        />
      </p>
      <p className="change-summary" role="status">
        {describeGrowth(growth, changes.length)}
      </p>
      <div className="change-filters">
        {changeKinds.map((kind) => {
          const { mark, title } = changeMarks[kind];
          const count = changes.filter(({ change }) => change === kind).length;
          return (
            <Button
              key={kind}
              look="quiet"
              data-change={kind}
              aria-pressed={kinds.has(kind)}
              onClick={() => toggle(kind)}
            >
              <span className="change-mark" aria-hidden>
                {mark}
              </span>
              {title} {count.toLocaleString("en")}
            </Button>
          );
        })}
        <Button
          look="quiet"
          aria-pressed={hidesExpected}
          hint="Logs, random seeds and the like, which differ whenever a guest has run"
          onClick={() => onHidesExpected(!hidesExpected)}
        >
          Hide expected differences {expected.toLocaleString("en")}
        </Button>
        <IconButton icon={RefreshCw} label="Compare again" onClick={onAgain} />
      </div>
    </header>
  );
}

function describeGrowth(growth: number, count: number): string {
  const differences = formatCount(count, "difference");
  if (growth === 0) return `${differences}. Both images have the same amount of data.`;
  return `${differences}. The second image has ${formatBytes(Math.abs(growth))} ${growth > 0 ? "more" : "less"} data.`;
}
