import { AppError } from "../../shared/errors/errors.ts";

export const oldImageStays = "The old image, if there was one, is as it was.";

/** The guest powered off by itself before it had done all that it was to do. */
export class UnfinishedGuest extends AppError {}

export function unfinished(message: string, details: readonly string[] = []): UnfinishedGuest {
  return new UnfinishedGuest({
    code: "build-failed",
    message,
    advice: `See the guest's last lines. ${oldImageStays}`,
    details,
  });
}

/** @param failedLine the line in which the guest's log tells why, where there is one */
export function notDone(done: string, failedLine: string | undefined): UnfinishedGuest {
  const lacks = `its log has no line with ${JSON.stringify(done)}`;
  if (failedLine === undefined) return unfinished(`the guest powered off, but ${lacks}`);
  return unfinished(`the guest logged ${JSON.stringify(failedLine)}, then powered off`, [
    `It is not done: ${lacks}.`,
  ]);
}
