import { sayDone, sayError } from "./notices.ts";

/** Puts a text on the clipboard, and says so. @param name the text's name in the message, such as "The path" */
export async function copyText(text: string, name: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    sayDone(`${name} is on the clipboard.`);
  } catch (error) {
    sayError(error);
  }
}
