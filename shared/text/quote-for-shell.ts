/** A word for a POSIX shell, which reads it unchanged, whatever characters it has; in quotes where it needs them. */
export function quoteForShell(word: string): string {
  return /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A word as an argument of a command, which does not take it for an option although it may begin with a dash. */
export function argumentForShell(word: string): string {
  return `${word.startsWith("-") ? "-- " : ""}${quoteForShell(word)}`;
}
