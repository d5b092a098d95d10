/** A word for a POSIX shell, which reads it as it is, whatever is in it; in quotes where it needs them. */
export function quoteForShell(word: string): string {
  return /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
