import { readPicture } from "../../client/read-picture.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";

/** Pictures of a session that are kept in memory: some MB. */
const mostKept = 100;

const kept = createSessionMemory(() => new Map<string, Promise<string | null>>());

/** Loads a picture of a session's screen, as `readPicture`; null also when it can't be read. */
export function loadPicture(session: string, picture: string): Promise<string | null> {
  const pictures = kept.of(session);
  const known = pictures.get(picture);
  if (known !== undefined) return known;
  const loading = readPicture(session, `screens/${picture}.png`).catch(() => null);
  const [oldest] = pictures.keys();
  if (pictures.size >= mostKept && oldest !== undefined) pictures.delete(oldest);
  pictures.set(picture, loading);
  return loading;
}
