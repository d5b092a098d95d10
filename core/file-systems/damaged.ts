import { AppError } from "../../shared/errors/errors.ts";

/**
 * The error for a file system that contradicts itself or asks for more than a real one needs.
 *
 * @param reason names the place: "the folder of inode 12 is longer than the file system"
 */
export function damaged(reason: string): AppError {
  return new AppError({
    code: "damaged-file-system",
    message: reason,
    advice: "Look at the other files. If the image boots, let the guest check its file systems.",
  });
}

/** The error for data that is whole, but in a form that Tinsmith can't read. @param reason as for `damaged` */
export function unreadable(reason: string): AppError {
  return new AppError({
    code: "damaged-file-system",
    message: reason,
    advice: "Unpack it with a program that reads it, such as unsquashfs.",
  });
}

/** Whether an error is one of `damaged`. */
export function isDamage(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && thrown.code === "damaged-file-system";
}
