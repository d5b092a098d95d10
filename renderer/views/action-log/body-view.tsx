import { useMemo, useState } from "react";
import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { decodeBase64 } from "../../client/base64.ts";
import { loadBody } from "../../client/load-body.ts";
import { sayError } from "../../state/messages/notices.ts";
import { Button } from "../../ui/button.tsx";
import { hexDump, readBody } from "./body-text.ts";

interface BodyViewProps {
  readonly session: string;
  /** Absent while the exchange is open. */
  readonly body: ExchangeBody | undefined;
}

const kinds = { json: "JSON", text: "text", binary: "bytes", empty: "" } as const;

/** A body of an exchange: its beginning, and on demand all of it that is kept. */
export function BodyView({ session, body }: BodyViewProps) {
  const [loaded, setLoaded] = useState<Uint8Array>();
  const [isHex, setHex] = useState(false);
  const bytes = useMemo(() => loaded ?? decodeBase64(body?.beginning ?? ""), [loaded, body]);
  const isWhole = bytes.length === body?.bytes;
  const { kind, text } = useMemo(() => readBody(bytes, isWhole), [bytes, isWhole]);
  if (!body) return <p className="body-note">Shown when the exchange has ended.</p>;
  if (kind === "empty") return <p className="body-note">No body</p>;
  const load = async () => setLoaded(await loadBody(session, body.file ?? ""));
  return (
    <div className="body">
      <p className="body-note">
        {isWhole ? formatBytes(body.bytes) : `${formatBytes(bytes.length)} of ${formatBytes(body.bytes)}`}{" "}
        {isHex ? "as bytes" : kinds[kind]}
        {kind !== "binary" && (
          <button type="button" className="link" onClick={() => setHex(!isHex)}>
            {isHex ? "as text" : "as bytes"}
          </button>
        )}
        {!isWhole && !loaded && body.file && (
          <Button look="quiet" onClick={() => void load().catch(sayError)}>
            Load the rest
          </Button>
        )}
        {!isWhole && (loaded || !body.file) && <span>the rest was not kept</span>}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the body. */}
      <pre className="body-text" tabIndex={0}>
        {isHex ? hexDump(bytes) : text}
      </pre>
    </div>
  );
}
