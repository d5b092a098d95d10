import { Disc3, Hammer } from "lucide-react";
import { useStore } from "zustand";
import { describeChanges } from "../../../shared/library/describe-changes.ts";
import { describeInstaller } from "../../../shared/library/installed-by.ts";
import type { ImageKind, ImageSet, ImageSlot } from "../../../shared/library/library.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { useBuildObstacle } from "../../state/builds/build-obstacle.ts";
import { chooseSet } from "../../state/builds/chosen-set.ts";
import { findFailedBuild } from "../../state/builds/find-failed-build.ts";
import { startBuild } from "../../state/builds/start-build.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { ErrorText } from "../../ui/messages/error-text.tsx";
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
      <SetFiles set={set} />
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
  const session = useStore(sessions, ({ value }) => value?.find(({ id }) => id === building));
  const obstacle = useBuildObstacle(set, image);
  const failure = useStore(sessions, ({ value }) => findFailedBuild(value ?? [], slot));
  const { state, label } = session?.keepsGuest ? failed : session?.asks ? waiting : slotState(slot);
  return (
    <li className="slot">
      <StateMark state={state} label={label} />
      <div className="slot-text">
        <span className="slot-title">
          <span>{image === "setup" ? "Setup image" : "Worker image"}</span>
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
        {failure && (
          <button
            type="button"
            className="slot-failure"
            onClick={() => showSession({ id: failure.id, kind: "build" })}
          >
            Last build failed, <RelativeTime at={failure.ended ?? failure.started} />
          </button>
        )}
      </div>
      {building ? (
        <Button look="quiet" onClick={() => showSession({ id: building, kind: "build" })}>
          Show build
        </Button>
      ) : archive ? (
        <SlotMenu set={set} image={image} archive={archive} />
      ) : image === "setup" && !set.hasIso ? (
        <Button look="quiet" icon={Disc3} onClick={() => openDialog({ name: "install", set })}>
          Install…
        </Button>
      ) : (
        <Button look="quiet" icon={Hammer} disabledReason={obstacle} onClick={() => startBuild(set, image)}>
          Build
        </Button>
      )}
    </li>
  );
}

const failed = { state: "bad", label: "Failed, its guest is kept" } as const;
const waiting = { state: "warn", label: "Waiting for you" } as const;

function slotState({ archive, building, stale }: ImageSlot): {
  readonly state: StateName;
  readonly label: string;
} {
  if (building) return { state: "busy", label: "Building" };
  if (!archive) return { state: "none", label: "Not built yet" };
  if (!stale) return { state: "busy", label: "Reading its inputs…" };
  const installer = describeInstaller(stale);
  if (installer !== undefined) return { state: "none", label: installer };
  if (stale.length > 0 && stale.every(({ change }) => change === "unknown"))
    return { state: "none", label: "Guest tools not compared" };
  if (stale.length > 0) return { state: "warn", label: `Stale: ${describeChanges(stale)}` };
  return archive.record
    ? { state: "good", label: "Up to date" }
    : { state: "none", label: "Built elsewhere" };
}
