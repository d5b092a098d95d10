import type { OpenedImage } from "../image/archive/open-image.ts";
import type { ActionOptions, GuestActions } from "../metaservice/actions/guest-actions.ts";
import type { TaskGate } from "../metaservice/endpoints/task-gate.ts";
import type { SavedState } from "../states/state-store.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { putFile } from "../vm/put-file.ts";
import { restartGuestTools } from "../vm/restart-guest-tools.ts";

/** Guest tools that take the place of those of an image, whose guest continues from a saved state. */
export interface NewTools {
  /** The image of the saved state: it differs from the one that is run in its guest tools only. */
  readonly image: OpenedImage;
  readonly state: SavedState;
  /** Paths of programs on this host; the guest is restored while they are still being built. */
  readonly programs: Promise<readonly string[]>;
}

/** The folder of the guest tools in the guest. */
export const guestToolsFolder = "/opt/";

/**
 * Copies all files of the CD, each to a new file first: a program that runs can't be overwritten. The drive may need a
 * moment for a new CD.
 */
const copyScript = `
cd=/tmp/guest-tools-cd
mkdir -p "$cd" || exit 1
tries=0
until mount -t iso9660 -o ro /dev/sr0 "$cd" 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || exit 1
  sleep 0.1
done
copied=0
for file in "$cd"/*; do
  new=${guestToolsFolder}.new-\${file##*/}
  cp "$file" "$new" && chmod 755 "$new" && mv "$new" "${guestToolsFolder}\${file##*/}" || copied=1
done
umount "$cd"
exit "$copied"
`;

interface ReplaceToolsOptions extends ActionOptions {
  readonly machine: Pick<MachineControl, "insertFiles" | "ejectCd">;
  /** Holds the task back: the new tools wait for it when this settles. */
  readonly gate: Pick<TaskGate, "nextAsk">;
  /** As in `restartGuestTools`. */
  readonly onRestart: () => void;
}

/**
 * Brings guest tools into a guest in place of its own, on a CD, which is much faster than a shell, or else by a shell. Settles
 * when the new ones ask for the task.
 *
 * @param programs their files on this host
 * @throws AppError as `putFile` and `restartGuestTools` do
 */
export async function replaceTools(
  actions: Pick<GuestActions, "openShell">,
  programs: readonly string[],
  { machine, gate, signal, onRestart }: ReplaceToolsOptions,
): Promise<void> {
  await machine.insertFiles(programs, { force: false, signal });
  const options = { signal, nextAsk: gate.nextAsk, onRestart };
  const isReplaced = await restartGuestTools(actions, { ...options, first: copyScript });
  await machine.ejectCd(false);
  if (isReplaced) return;
  // A guest may have no driver for the drive.
  for (const source of programs) await putFile(actions, source, guestToolsFolder, { signal });
  await restartGuestTools(actions, options);
}
