/**
 * A test of paths by a text for people: a part of the name in any case; with `*` or `?`, a pattern of the whole name, such as `*.sh`;
 * with a slash, both for the path: `/opt/`, `/etc/*.conf`.
 */
export function matchName(text: string): (path: string) => boolean {
  const wanted = text.toLowerCase();
  const subject = wanted.includes("/")
    ? (path: string) => path.toLowerCase()
    : (path: string) => path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (!/[*?]/.test(wanted)) return (path) => subject(path).includes(wanted);
  const pattern = patternOf(wanted);
  return (path) => pattern.test(subject(path));
}

/** A path may have folders before the pattern. */
function patternOf(text: string): RegExp {
  const source = text
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replace(/\*+/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  return new RegExp(`${text.includes("/") ? "" : "^"}${source}$`, "s");
}
