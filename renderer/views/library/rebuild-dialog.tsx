import { useState } from "react";
import type { ImageSet } from "../../../shared/library/library.ts";
import { hasRules } from "../../state/builds/find-slot.ts";
import { buildImage } from "../../state/builds/start-build.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TrustWarning } from "../trust/trust-warning.tsx";
import { useArchiveTrust } from "../trust/use-archive-trust.ts";

interface RebuildDialogProps {
  readonly set: ImageSet;
  /** The failed session whose work is used again, where that is sound. */
  readonly retry: string | undefined;
  /** Builds also an image that is up to date. */
  readonly force: boolean | undefined;
  readonly onClose: () => void;
}

/** Asks whether a build may boot a setup image that was not made here, and for its options; starts the build. */
export function RebuildDialog({ set, retry, force, onClose }: RebuildDialogProps) {
  const trust = useArchiveTrust(set.setup.path);
  const [withRules, setWithRules] = useState(false);
  return (
    <FormDialog
      title={`Rebuild the worker image of ${set.name}`}
      description="The build boots the setup image."
      action="Rebuild worker"
      obstacle={trust.mayBoot ? undefined : (trust.obstacle ?? "The setup image can't be booted")}
      onSubmit={() =>
        buildImage(set, "worker", { retry, force, withRules, accepted: trust.accepted }).catch(
          trust.examineAgain,
        )
      }
      onClose={onClose}
    >
      <TrustWarning trust={trust} />
      {hasRules(set) && (
        <>
          <label className="choice">
            <input
              type="checkbox"
              checked={withRules}
              onChange={({ target }) => setWithRules(target.checked)}
            />
            Apply the rules of rules.yaml
          </label>
          {withRules && (
            <p className="library-note">
              The archive stays as it is. The image that is built under rules is in the session's folder.
            </p>
          )}
        </>
      )}
    </FormDialog>
  );
}
