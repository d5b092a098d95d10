import type { ErrorData } from "../errors/error-data.ts";

const codes: readonly ErrorData["code"][] = ["guest-tools-lost", "timed-out"];

/** Whether the error of a run says something about its guest tools, and not about this host: the next scenario then starts. */
export function isEndOfGuest({ code }: Pick<ErrorData, "code">): boolean {
  return codes.includes(code);
}
