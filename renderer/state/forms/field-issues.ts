import { parsePortForward, portForwardForm, repeatsHostPort } from "../../../shared/session/port-forward.ts";

/** The problem of a whole number as it was typed, from 1 on; undefined where none was typed. */
export function wholeNumberIssue(text: string, most: number, unit: string): string | undefined {
  const isRight = text === "" || (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most);
  return isRight ? undefined : `Enter a whole number of ${unit} from 1 to ${most}.`;
}

/** The problem of the address of an ISO. */
export function addressIssue(text: string): string | undefined {
  const { protocol, hostname } = URL.parse(text.trim()) ?? {};
  const isRight = (protocol === "http:" || protocol === "https:") && hostname !== "";
  return isRight ? undefined : "Enter an address that begins with http:// or https://.";
}

/** The problem of a SHA-256. */
export function digestIssue(text: string): string | undefined {
  const digits = text.trim();
  if (/^[0-9a-f]{64}$/i.test(digits)) return undefined;
  if (!/^[0-9a-f]*$/i.test(digits)) return "A SHA-256 has only the characters 0 to 9 and a to f.";
  return `A SHA-256 has 64 hexadecimal digits; this one has ${digits.length}.`;
}

/** The problem of a list of folders, one a line. */
export function foldersIssue(text: string): string | undefined {
  const wrong = text.split("\n").find((line) => line.trim() !== "" && !line.trim().startsWith("/"));
  return wrong === undefined ? undefined : `${wrong.trim()} is not an absolute path: begin it with /.`;
}

/** The problem of forwarded ports, with spaces or commas between them. */
export function portForwardsIssue(text: string): string | undefined {
  const words = wordsOf(text);
  const wrong = words.find((word) => !parsePortForward(word));
  if (wrong !== undefined) return `"${wrong}" is not of the form ${portForwardForm}.`;
  const repeats = repeatsHostPort(words.flatMap((word) => parsePortForward(word) ?? []));
  return repeats ? "Name each port of the host once." : undefined;
}

/** The words of a list as a person types it. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
