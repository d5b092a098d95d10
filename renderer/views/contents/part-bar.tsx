import type { DiskPart } from "../../../shared/contents/folder-content.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { describePartType } from "../../state/contents/disk-parts.ts";
import { type ImageTree, topPath } from "../../state/contents/image-tree.ts";
import { Tooltip } from "../../ui/tooltip.tsx";

interface PartBarProps {
  readonly tree: ImageTree;
  /** Called with the path of the partition that a person wants to see. */
  readonly onOpen: (path: string) => void;
}

/** The partitions of the first disk in an image that has been read, and how much of each is used; nothing without any. */
export function PartBar({ tree: { folders }, onOpen }: PartBarProps) {
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
                name={part.name}
                kind={describePartType(part, system)}
                use={describeUse(part, system)}
                fraction={system?.used === undefined ? undefined : system.used / (system.size ?? part.size)}
                onOpen={() => onOpen(`${disk}/${part.name}`)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface PartProps {
  readonly name: string;
  /** Its type, or its file system. */
  readonly kind: string | undefined;
  readonly use: string;
  /** Used, from 0 to 1; absent if it isn't known. */
  readonly fraction: number | undefined;
  readonly onOpen: () => void;
}

function Part({ name, kind, use, fraction, onOpen }: PartProps) {
  const label = ["Partition", numberOf(name), ...(kind ? [kind] : []), use].join(" ");
  return (
    <Tooltip text={`${escapeName(name)}${kind ? `, ${kind}` : ""}: ${use}`}>
      <button type="button" aria-label={label} onClick={onOpen}>
        {fraction !== undefined && <span className="part-used" style={{ width: `${fraction * 100}%` }} />}
        <strong>{numberOf(name)}</strong> {kind && <span className="part-kind">{kind}</span>}{" "}
        <span className="part-use">{use}</span>
      </button>
    </Tooltip>
  );
}

/** Few letters, as its box may be a small one: `2` for `partition2`. */
function numberOf(name: string): string {
  return /\d+$/.exec(name)?.[0] ?? escapeName(name);
}

function describeUse(
  { size }: DiskPart,
  system: { readonly used?: number; readonly size?: number } | undefined,
): string {
  return system?.used === undefined
    ? formatBytes(size)
    : `${formatBytes(system.used)} of ${formatBytes(size)} used`;
}
