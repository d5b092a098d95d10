import { AppError } from "../../../../shared/errors/errors.ts";
import { maxTypedCharacters } from "../../../../shared/session/virtual-machine.ts";

/** The clipboard's text, to be typed. @throws AppError when there is none, or too much, or the browser refuses it */
export async function readClipboard(): Promise<string> {
  const text = await navigator.clipboard.readText().catch((cause) => {
    throw refused(cause);
  });
  if (text === "") throw new AppError({ code: "usage", message: "there is no text in the clipboard" });
  if (text.length > maxTypedCharacters) throw tooLong(text.length);
  return text;
}

function refused(cause: unknown): AppError {
  return new AppError(
    {
      code: "no-permission",
      message: "the browser does not let this page read the clipboard",
      advice: "Allow it in the browser's settings of this page.",
    },
    { cause },
  );
}

function tooLong(length: number): AppError {
  return new AppError({
    code: "usage",
    message: `the clipboard holds ${length} characters, and Tinsmith types at most ${maxTypedCharacters}`,
    advice: "Paste it into the serial console, or put it on a CD.",
  });
}
