import { useEffect, useMemo, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { decodeBase64 } from "../../client/base64.ts";
import { loadBody } from "../../client/load-body.ts";
import { readBody } from "../action-log/body-text.ts";

/** A larger body is read when a person asks for it. Bytes. */
const largeBody = 1024 ** 2;

/** Whether a body is read only when a person asks for it. */
export function isLarge(body: ExchangeBody | undefined): boolean {
  return (body?.bytes ?? 0) > largeBody;
}

interface ShownBody {
  readonly text: string;
  readonly isJson: boolean;
  /** How many of its bytes are shown. */
  readonly bytes: number;
  /** More of it is kept than is shown. */
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly error: ErrorData | undefined;
}

/** The text of a body. @param isWanted whether all of it is read that the session keeps; else, its beginning is shown */
export function useBody(session: string, body: ExchangeBody | undefined, isWanted: boolean): ShownBody {
  const [loaded, setLoaded] = useState<Uint8Array>();
  const [error, setError] = useState<ErrorData>();
  const beginning = useMemo(() => decodeBase64(body?.beginning ?? ""), [body]);
  const file = body && beginning.length < body.bytes ? body.file : undefined;
  const wanted = isWanted ? file : undefined;
  useEffect(() => {
    setLoaded(undefined);
    setError(undefined);
    if (wanted === undefined) return;
    const controller = new AbortController();
    loadBody(session, wanted, controller.signal).then(setLoaded, (thrown) => {
      if (!controller.signal.aborted) setError(toAppError(thrown).toJSON());
    });
    return () => controller.abort();
  }, [session, wanted]);
  const bytes = loaded ?? beginning;
  const isWhole = bytes.length === body?.bytes;
  const { kind, text } = useMemo(() => readBody(bytes, isWhole), [bytes, isWhole]);
  return {
    text,
    isJson: kind === "json",
    bytes: bytes.length,
    hasMore: file !== undefined && !loaded,
    isReading: wanted !== undefined && !loaded && !error,
    error,
  };
}
