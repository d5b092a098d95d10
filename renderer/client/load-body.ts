import { AppError } from "../../shared/errors/errors.ts";
import { sessionFile } from "./api-client.ts";

/** Reads all that a session keeps of a body. @param file as in `ExchangeBody` @throws AppError `missing-file` */
export async function loadBody(
  session: string,
  file: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(await sessionFile(session, file), { signal: signal ?? null });
  if (response.ok) return await response.bytes();
  throw new AppError({ code: "missing-file", message: `Tinsmith can't read ${file} of this session` });
}
