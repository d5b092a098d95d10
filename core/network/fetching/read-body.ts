import { AppError } from "../../../shared/errors/errors.ts";
import type { HttpResponse } from "../http-client.ts";

/** Reads the body of a response, which must be small. @throws AppError `command-failed` when it has more bytes */
export async function readBody({ body }: Pick<HttpResponse, "body">, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > most)
      throw new AppError({
        code: "command-failed",
        message: `the server sent more than ${most} bytes where it should send a short text`,
        advice: "Check the address.",
      });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
