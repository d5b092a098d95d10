import type { Terminal as Xterm } from "@xterm/xterm";

/** The colours that a program can ask for: of the palette, of text, behind it, of the cursor. */
const colourCommands = [4, 10, 11, 12];

/**
 * Distinguishes a terminal's own answers from a person's input: programs ask it where its cursor is, what it can do,
 * and what its colours are.
 *
 * @returns whether what the terminal says just now is such an answer
 */
export function watchAnswers({ parser }: Xterm): () => boolean {
  let isAnswering = false;
  // The terminal answers while it parses output: nothing is typed before that is done.
  const onQuery = () => {
    isAnswering = true;
    queueMicrotask(() => {
      isAnswering = false;
    });
    // The terminal's own handler comes next.
    return false;
  };
  for (const prefix of ["", ">", "="]) parser.registerCsiHandler({ ...known(prefix), final: "c" }, onQuery);
  for (const prefix of ["", "?"]) {
    parser.registerCsiHandler({ ...known(prefix), final: "n" }, onQuery);
    parser.registerCsiHandler({ ...known(prefix), intermediates: "$", final: "p" }, onQuery);
  }
  // The focus is reported when the guest asks for that, and then at each change.
  parser.registerCsiHandler({ prefix: "?", final: "h" }, onQuery);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, onQuery);
  for (const command of colourCommands) parser.registerOscHandler(command, onQuery);
  return () => isAnswering;
}

function known(prefix: string) {
  return prefix === "" ? {} : { prefix };
}
