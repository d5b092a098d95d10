import { closeSync, copyFileSync, createWriteStream, mkdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { describeLostPictures, isPng, pngSignatureBytes } from "../../shared/session/recording-faults.ts";
import {
  createSpanFinder,
  describeWrongTimes,
  isInSpan,
  type SessionSpan,
} from "../../shared/session/session-span.ts";
import { explainDiskError } from "../files/disk-errors.ts";
import { makeFolder } from "../files/folders.ts";
import { openRegularFileSync } from "../files/regular-file.ts";
import { requireNewFolder } from "../files/writing/new-target.ts";
import { holdSession } from "../session-record/hold-session.ts";
import { requireRecord } from "../session-record/require-session.ts";
import { readSessionLog } from "../session-record/session-log-reader.ts";
import { type Paths, type SessionPaths, screensFolder } from "../storage/paths.ts";
import { serialToAsciicast } from "./asciicast.ts";

/** The content of a written recording. */
export interface WrittenRecording {
  /** The asciicast of the serial console. */
  readonly serial: string;
  /** The number of pictures. */
  readonly pictures: number;
  /** Notes for the person about what was left out. */
  readonly notes: readonly string[];
}

/** A time that a picture was shown from on. */
interface Change {
  readonly time: number;
  readonly picture: string;
}

/**
 * Writes what a session, running or ended, has shown: the serial console as an asciicast, `serial.cast`, and each
 * change of the screen as a PNG file in `screens`, named by its number and its time in seconds since the session's
 * start.
 *
 * @param folder a new one
 * @throws AppError `no-session`, `file-exists`, or what the disk refuses; the signal's reason when it aborts
 */
export async function writeRecording(
  paths: Paths,
  id: string,
  folder: string,
  signal: AbortSignal,
): Promise<WrittenRecording> {
  requireNewFolder(folder);
  const files = requireRecord(paths, id);
  using _held = holdSession(files);
  const { span, title, changes } = await readChanges(files);
  makeNewFolder(folder);
  try {
    const serial = join(folder, "serial.cast");
    let faults: readonly string[] = [];
    const cast = async function* () {
      faults = yield* serialToAsciicast(files, { span, title });
    };
    await pipeline(cast, createWriteStream(serial, { flags: "wx" }), { signal });
    const timely = changes.filter(({ time }) => isInSpan(span, time));
    const kept = timely.filter(({ picture }) => hasPicture(pictureFile(files, picture)));
    if (kept.length > 0) mkdirSync(join(folder, screensFolder));
    for (const [index, { time, picture }] of kept.entries()) {
      signal.throwIfAborted();
      const name = `${`${index + 1}`.padStart(5, "0")}-${((time - span.start) / 1000).toFixed(3)}s.png`;
      copyFileSync(pictureFile(files, picture), join(folder, screensFolder, name));
    }
    const notes = [
      ...faults,
      ...describeWrongTimes(changes.length - timely.length, "the screen"),
      ...describeLostPictures(timely.length - kept.length),
    ];
    return { serial, pictures: kept.length, notes };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw explainDiskError(folder, error);
  }
}

function pictureFile(files: SessionPaths, picture: string): string {
  return join(files.screens, `${picture}.png`);
}

/** Whether a file is a PNG. A session that was killed while it wrote a picture leaves an empty file. */
function hasPicture(path: string): boolean {
  try {
    const file = openRegularFileSync(path);
    try {
      const beginning = Buffer.alloc(pngSignatureBytes);
      return isPng(beginning.subarray(0, readSync(file, beginning)));
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

async function readChanges(
  files: SessionPaths,
): Promise<{ readonly span: SessionSpan; readonly title: string; readonly changes: readonly Change[] }> {
  const changes: Change[] = [];
  const finder = createSpanFinder();
  let title: string | undefined;
  for await (const events of readSessionLog(files.events)) {
    finder.add(events);
    for (const event of events) {
      if ("title" in event && typeof event.title === "string") title ??= event.title;
      // Names of files come from a file that anybody may have changed.
      if (event.type === "screen-changed" && /^[0-9a-f]+$/.test(event.picture)) changes.push(event);
    }
  }
  return { span: finder.span(), title: title ?? "", changes };
}

function makeNewFolder(folder: string): void {
  makeFolder(join(folder, ".."));
  try {
    mkdirSync(folder);
  } catch (error) {
    throw explainDiskError(folder, error);
  }
}
