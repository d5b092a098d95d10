import type { DiskPart } from "../../../shared/contents/folder-content.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { type ImageTree, topPath } from "../../state/contents/image-tree.ts";
import { revealEntry } from "../../state/contents/opened-images.ts";
import { Tooltip } from "../../ui/tooltip.tsx";

interface PartBarProps {
  readonly image: string;
  readonly tree: ImageTree;
}

/** The partitions of the first disk in an image that has been read, and how much of each is used; nothing without any. */
export function PartBar({ image, tree: { folders } }: PartBarProps) {
  const found = [...folders].find(([, { content }]) => content?.parts);
  const parts = found?.[1].content?.parts;
  if (!found || !parts) return null;
  const disk = found[0] === topPath ? "" : found[0];
  return (
    <ul className="part-bar" aria-label="Partitions">
      {parts.map((part) => {
        const system =
          part.name === undefined ? undefined : folders.get(`${disk}/${part.name}`)?.content?.system;
        return (
          <li
            key={part.offset}
            // Even a small one can be seen and clicked.
            style={{ flexGrow: part.size }}
            className={part.name === undefined ? "part-gap" : "part"}
          >
            {part.name === undefined ? (
              <Tooltip text={`${formatBytes(part.size)} in no partition`}>
                <span role="img" aria-label={`${formatBytes(part.size)} in no partition`} />
              </Tooltip>
            ) : (
              <Part
                part={part}
                name={part.name}
                use={describeUse(part, system)}
                fraction={system?.used === undefined ? undefined : system.used / (system.size ?? part.size)}
                onOpen={() => void revealEntry(image, `${disk}/${part.name}`)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface PartProps {
  readonly part: DiskPart;
  readonly name: string;
  readonly use: string;
  /** Used, from 0 to 1; absent if it isn't known. */
  readonly fraction: number | undefined;
  readonly onOpen: () => void;
}

function Part({ part: { type }, name, use, fraction, onOpen }: PartProps) {
  return (
    <Tooltip text={`${escapeName(name)}${type ? `, ${type}` : ""}: ${use}`}>
      <button type="button" onClick={onOpen}>
        {fraction !== undefined && <span className="part-used" style={{ width: `${fraction * 100}%` }} />}
        <strong>{escapeName(name)}</strong>
        <span className="part-text">
          {type && `${type}, `}
          {use}
        </span>
      </button>
    </Tooltip>
  );
}

function describeUse(
  { size }: DiskPart,
  system: { readonly used?: number; readonly size?: number } | undefined,
): string {
  return system?.used === undefined
    ? formatBytes(size)
    : `${formatBytes(system.used)} of ${formatBytes(size)} used`;
}
