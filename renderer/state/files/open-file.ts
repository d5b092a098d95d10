import type { FileContent } from "../../../shared/library/set-file.ts";

/** A text file that is open in an editor. Lines of a text end in \n, also if they have other ends on disk. */
export interface OpenFile {
  readonly text: string;
  /** The content that the text was made from, and that saving replaces: null for a file that is not there yet. */
  readonly base: FileContent | null;
  /** The last known content on disk. */
  readonly disk: FileContent | null;
  /** The ends of lines on disk. */
  readonly lineEnd: "\n" | "\r\n";
  readonly isSaving: boolean;
}

/** A file as first read. */
export function openedFile(read: FileContent | null): OpenFile {
  const lineEnd = read && hasOnly("\r\n", read.text) ? "\r\n" : "\n";
  const content = withPlainLines(read, lineEnd);
  return { text: content?.text ?? "", base: content, disk: content, lineEnd, isSaving: false };
}

/** The file after a change on disk: an unchanged text follows it; a changed one, or one whose file is gone, stays. */
export function afterNews(file: OpenFile, read: FileContent | null): OpenFile {
  if (read && !isChanged(file)) return { ...openedFile(read), isSaving: file.isSaving };
  const disk = withPlainLines(read, file.lineEnd);
  return disk?.text === file.text ? { ...file, base: disk, disk } : { ...file, disk };
}

/** The file after a text was written to disk. */
export function afterSave(file: OpenFile, saved: FileContent): OpenFile {
  return { ...file, base: saved, disk: saved, isSaving: false };
}

/** The file when the person keeps the text: saving then replaces the current content on disk. */
export function keepingMine(file: OpenFile): OpenFile {
  return { ...file, base: file.disk };
}

/** The file when the person takes the content on disk. */
export function takingTheirs(file: OpenFile): OpenFile {
  return { ...file, base: file.disk, text: file.disk?.text ?? "" };
}

/** Whether there is something to save. */
export function isChanged({ text, base }: OpenFile): boolean {
  return text !== (base?.text ?? "");
}

/** The change of the file on disk since the text was made from it. */
export function newsOnDisk({ base, disk }: OpenFile): "none" | "changed" | "gone" {
  if (base?.digest === disk?.digest) return "none";
  return disk ? "changed" : "gone";
}

/** The text as it is written to disk. */
export function writtenText({ text, lineEnd }: OpenFile): string {
  return text.replaceAll("\n", lineEnd);
}

/** A text whose lines end in different ways is left as it is, so that nothing is lost. */
function hasOnly(lineEnd: "\r\n", text: string): boolean {
  return text.includes(lineEnd) && !/\r(?!\n)|(?<!\r)\n/.test(text);
}

function withPlainLines(content: FileContent | null, lineEnd: OpenFile["lineEnd"]): FileContent | null {
  return content && { ...content, text: content.text.replaceAll(lineEnd, "\n") };
}
