/** A field of a dialog that is too small for its line marks that at its ends. */
const edgeMarks = /^[<>$…«»|+]|[<>$…«»|+]$/gu;
/** A field that hides its line repeats one character. */
const hiding = /^([^\p{L}\p{N}])\1*$/u;
const plain = /^[\x20-\x7e]*$/;

/**
 * Whether a guest has clearly got another line than the one that was typed: its echo has other characters. These echoes are not wrong:
 *
 * - none, or the same hiding character again and again: the guest hides its line
 * - a part of the line without gaps: a field that is too small for it, or a guest that is still reading
 * - upper case in place of lower case
 * - more characters than were typed, or more lines: something else is shown there, too
 *
 * @param shown the characters between the place where the line was typed and the cursor
 */
export function isWrongEcho(shown: string, line: string): boolean {
  const [seen, typed] = [withoutSpace(shown), withoutSpace(line)];
  if (seen === "" || seen.length > typed.length || shown.includes("\n") || hiding.test(seen)) return false;
  // A console may not be able to show other characters.
  if (!plain.test(line) || seen.includes("\ufffd")) return false;
  return [seen, seen.replaceAll(edgeMarks, "")].every((one) => !typed.includes(one));
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, "").toLowerCase();
}
