import { AppError } from "../../errors/errors.ts";
import { escapeName } from "../../text/escape-name.ts";

/** Says in words why a guest did not receive a file. @param printed by the script in put-script.ts, with its errors */
export function explainPutFailure(printed: string, path: string): AppError {
  const [, reason = "", word = ""] = /^tinsmith: (\S+) ?(.*)$/m.exec(printed) ?? [];
  const place = escapeName(word || path);
  const explain = failures[reason];
  const said = printed.replace(/^tinsmith: .*$/m, "").trim();
  if (explain) return new AppError(explain(place, said));
  return new AppError({
    code: "guest-action-failed",
    message: `the guest could not receive ${escapeName(path)}: ${escapeName(said) || "its shell said nothing"}`,
    advice:
      "A guest needs a POSIX shell to receive files. Without one, insert a data CD: tinsmith cd insert.",
  });
}

/** Names what was copied in the error of a shell that was cut off, whose command is a script; any other error stays. */
export function cutOff(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== "guest-action-failed") return thrown;
  return new AppError(
    {
      code: thrown.code,
      message: `copying ${escapeName(name)} into the guest was cut off`,
      advice: "Check that the guest tools run, and copy it again. The action log may show the cause.",
    },
    { cause: thrown },
  );
}

type Explain = (
  place: string,
  said: string,
) => {
  readonly code: "guest-action-failed" | "guest-file-missing";
  readonly message: string;
  readonly advice: string;
};

const chooseAnother = "Choose another path.";

/** By the reasons that the script gives. */
const failures: Readonly<Record<string, Explain>> = {
  "no-program": (program) => ({
    code: "guest-action-failed",
    message: `the guest has no program ${program}, which it needs to receive files`,
    advice:
      "Add the program to the image, for example with busybox, or insert a data CD: tinsmith cd insert.",
  }),
  "no-folder": (folder) => ({
    code: "guest-file-missing",
    message: `the guest has no folder ${folder}`,
    advice: "Create it in the guest first: tinsmith shell -- mkdir -p FOLDER.",
  }),
  "is-folder": (path) => ({
    code: "guest-action-failed",
    message: `${path} is a folder in the guest, which a file can't replace`,
    advice: chooseAnother,
  }),
  "is-file": (path) => ({
    code: "guest-action-failed",
    message: `${path} is a file in the guest, which a folder can't replace`,
    advice: chooseAnother,
  }),
  "is-special": (path) => ({
    code: "guest-action-failed",
    message: `${path} is a device, socket or pipe in the guest, which Tinsmith does not replace`,
    advice: chooseAnother,
  }),
  cut: (path) => ({
    code: "guest-action-failed",
    message: `the transfer to ${path} in the guest ended early, and the guest kept nothing of it`,
    advice: "Try again.",
  }),
  "not-written": (path, said) => ({
    code: "guest-action-failed",
    message: `the guest could not write ${path}: ${whyNotWritten(said)}`,
    advice: adviceFor(said),
  }),
};

function whyNotWritten(said: string): string {
  if (isFull.test(said)) return "its disk is full";
  if (isReadOnly.test(said)) return "the disk is read-only";
  if (isRefused.test(said)) return "the user of the guest tools has no permission";
  return escapeName(said.split("\n").at(-1) ?? "") || "its programs did not say why";
}

function adviceFor(said: string): string {
  if (isFull.test(said))
    return "Free space in the guest, or choose a path on another disk; see tinsmith shell -- df.";
  if (isReadOnly.test(said))
    return "Choose a path on another disk, such as /tmp, or mount this one as writable.";
  if (isRefused.test(said)) return "Choose a path that this user may write to, such as /tmp.";
  return "Check the path in a shell of the guest.";
}

const isFull = /No space left|Disk quota exceeded/;
const isReadOnly = /Read-only file system/;
const isRefused = /Permission denied|Operation not permitted/;
