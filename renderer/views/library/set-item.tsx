import { Disc3, Hammer } from "lucide-react";
import { formatBytes } from "../../../shared/format.ts";
import type { ImageKind, ImageSet, ImageSlot } from "../../../shared/library.ts";
import { sessions } from "../../state/app-state.ts";
import { startBuild } from "../../state/builds.ts";
import { chooseSet } from "../../state/chosen-set.ts";
import { openDialog } from "../../state/dialogs.ts";
import { showSession } from "../../state/session-panels.ts";
import { useStore } from "../../state/store.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { ErrorText } from "../../ui/error-text.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { SetFiles } from "./set-files.tsx";
import { SlotMenu } from "./slot-menu.tsx";

/** One image set: choosing it makes the toolbar's buttons mean it. */
export function SetItem({ set, isChosen }: { readonly set: ImageSet; readonly isChosen: boolean }) {
  return (
    <li className={classNames("set", isChosen && "set-chosen")}>
      <button
        type="button"
        className="set-name"
        aria-pressed={isChosen}
        onClick={() => chooseSet(set.folder)}
      >
        <strong>{set.name}</strong>
        <span title={set.folder}>{set.folder}</span>
      </button>
      {set.problem ? (
        <div className="set-problem">
          <ErrorText error={set.problem} />
        </div>
      ) : (
        <ul className="slots">
          <SlotItem set={set} image="setup" slot={set.setup} />
          <SlotItem set={set} image="worker" slot={set.worker} />
        </ul>
      )}
      <SetFiles files={set.files} />
    </li>
  );
}

interface SlotProps {
  readonly set: ImageSet;
  readonly image: ImageKind;
  readonly slot: ImageSlot;
}

function SlotItem({ set, image, slot }: SlotProps) {
  const { archive, building } = slot;
  const asks = useStore(sessions, ({ value }) => value?.find(({ id }) => id === building)?.asks ?? false);
  const { state, label } = asks ? ({ state: "warn", label: "Waits for you" } as const) : slotState(slot);
  return (
    <li className="slot">
      <StateMark state={state} label={label} />
      <div className="slot-text">
        <span className="slot-title">
          {image === "setup" ? "Setup image" : "Worker image"}
          {archive && !building && <span className="slot-size">{formatBytes(archive.size)}</span>}
        </span>
        <span className="slot-state">
          {label}
          {archive && !building && (
            <>
              {", "}
              <RelativeTime at={archive.modified} />
            </>
          )}
        </span>
      </div>
      {building ? (
        <Button look="quiet" onClick={() => showSession({ id: building, kind: "build" })}>
          Show
        </Button>
      ) : archive ? (
        <SlotMenu set={set} image={image} archive={archive} />
      ) : image === "setup" && !set.hasIso ? (
        <Button look="quiet" icon={Disc3} onClick={() => openDialog({ name: "install", set })}>
          Install…
        </Button>
      ) : (
        <Button look="quiet" icon={Hammer} onClick={() => startBuild(set, image)}>
          Build
        </Button>
      )}
    </li>
  );
}

function slotState({ archive, building, stale }: ImageSlot): {
  readonly state: StateName;
  readonly label: string;
} {
  if (building) return { state: "busy", label: "Being built" };
  if (!archive) return { state: "none", label: "Not built yet" };
  if (stale.length > 0) return { state: "warn", label: `Stale: ${stale.join(", ")} changed` };
  return archive.record
    ? { state: "good", label: "Up to date" }
    : { state: "none", label: "Built elsewhere" };
}
