/**
 * Takes out of a line what is another each time: ids, digests, numbers, sizes, times, and where the checkout is.
 *
 * @param workplace the folder that pages call /home/me/tinsmith
 */
function normalize(line: string, workplace: string): string {
  return line
    .replaceAll(workplace, "/home/me/tinsmith")
    .replaceAll(/\b\d{8}-\d{6}-[0-9a-f]{4}\b/g, "SESSION")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "DIGEST")
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UUID")
    .replaceAll(/"id":"[\w-]{22}"/g, '"id":"SLUGID"')
    .replaceAll(/\b[0-9a-f]{20}\.localhost\b/g, "NAME.localhost")
    .replaceAll(/#token=\S+/g, "#token=...")
    .replaceAll(/\bSHA256:[\w+/]{43}/g, "SHA256:...")
    .replaceAll(/\d+(\.\d+)*/g, "N")
    .replaceAll(/\bN (bytes|kB|MB|GB|MiB|GiB)\b/g, "SIZE")
    .replaceAll(/\b(N min )?N (ms|s)\b/g, "TIME")
    .replaceAll(/\s+/g, " ")
    .trimEnd();
}

/** The mark for lines that a page leaves out. */
const gap = "...";

/**
 * Whether a program printed what a page shows, but for what is another each time.
 *
 * @returns the first line of the page that was not printed where it should; undefined when all were
 */
export function firstMissing(
  shown: readonly string[],
  printed: string,
  workplace: string,
): string | undefined {
  // They tell of the host, of what was killed on it, or of a checkout that is new, of which a page knows nothing.
  const isNote = (line: string) =>
    /^(note: (The guest is emulated|Cleaned up after )|(Building|Installing) )/.test(line);
  const real = printed
    .replaceAll("\r", "")
    .trimEnd()
    .split("\n")
    .filter((line) => !isNote(line))
    .map((line) => normalize(line, workplace));
  let next = 0;
  let mayLeaveOut = false;
  for (const line of shown) {
    if (line.trim() === gap) {
      mayLeaveOut = true;
      continue;
    }
    const wanted = normalize(line, workplace);
    const at = mayLeaveOut ? real.indexOf(wanted, next) : next;
    if (at < 0 || real[at] !== wanted) return line;
    next = at + 1;
    mayLeaveOut = false;
  }
  return mayLeaveOut || next >= real.length ? undefined : `the end, and not: ${real[next]}`;
}
