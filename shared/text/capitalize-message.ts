/**
 * The words that messages of errors begin with. Any other first word is taken for the name of a file, a program or an
 * image set, and stays as it is: no rule tells the program of `make failed` from the noun of `copying failed`.
 */
const firstWords: ReadonlySet<string> = new Set(
  `a an another copying extracting fetching four it its killing left listing meta more nested no nobody nothing one overtaken
  packing port process reading session somebody something stopped ten the there this three two unpacking what`.split(
    /\s+/,
  ),
);

/** Gives a message its capital, for places where it stands as a sentence. */
export function capitalizeMessage(message: string): string {
  const word = /^[a-z]+(?=[\s,:]|$)/.exec(message)?.[0] ?? "";
  return firstWords.has(word) ? `${message.charAt(0).toUpperCase()}${message.slice(1)}` : message;
}
