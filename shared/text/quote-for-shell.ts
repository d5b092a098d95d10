/** A word for a POSIX shell, which reads it unchanged, whatever characters it has; in quotes where it needs them. */
export function quoteForShell(word: string): string {
  return /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
