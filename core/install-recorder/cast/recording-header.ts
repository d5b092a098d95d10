import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";

const headerSchema = z.object({ version: z.number(), timestamp: z.number().optional().catch(undefined) });

/**
 * Reads the first line of a recording.
 *
 * @throws AppError `usage` when it is not that of an asciicast of version 2, with what the file is as far as that can be told
 */
export function parseHeader(text: string, name: string): z.output<typeof headerSchema> {
  if (text.trim() === "") throw notRecording(name, `${name} is empty, so it is not a recording`);
  const [line = ""] = text.split("\n", 1);
  // That of version 1 has many lines.
  const header = headerOf(line) ?? headerOf(text);
  if (!header) throw notRecording(name);
  const { version } = header;
  if (version === 2) return header;
  if (version === 1 || version === 3) throw otherVersion(name, version);
  throw notRecording(name);
}

function headerOf(text: string) {
  try {
    return headerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function notRecording(name: string, message = `${name} is not a recording of an installation`): AppError {
  return new AppError({
    code: "usage",
    message,
    advice:
      "Give the install.cast of a session's folder, or another asciicast of version 2: its first line is a JSON object with a version.",
  });
}

/** @param version 1 was that of asciinema until 1.4, whose recordings have no input; 3 is that of asciinema 3 */
function otherVersion(name: string, version: 1 | 3): AppError {
  return new AppError({
    code: "usage",
    message: `${name} is an asciicast of version ${version}, and Tinsmith reads version 2`,
    advice: `Convert it with asciinema 3: asciinema convert -f asciicast-v2 ${quoteForShell(name)} new.cast`,
  });
}
