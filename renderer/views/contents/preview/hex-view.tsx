import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { decodeBase64 } from "../../../client/base64.ts";
import { hexDump } from "../../action-log/body-text.ts";

/** Bytes in a line: as many as fit, so that their characters are in sight. */
const lineLengths = { wide: 16, narrow: 8 } as const;
/** Characters of a line of 16 bytes, and some room at its ends. */
const wideCharacters = 76;

/** A dump of bytes. @param props.bytes in base64 */
export function HexView({ bytes }: { readonly bytes: string }) {
  const box = useRef<HTMLPreElement>(null);
  const ruler = useRef<HTMLSpanElement>(null);
  const [isWide, setWide] = useState(false);
  useLayoutEffect(() => {
    const [shown, wide] = [box.current, ruler.current];
    if (!shown || !wide) return;
    const measure = () => setWide(shown.clientWidth >= wide.offsetWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(shown);
    measure();
    return () => observer.disconnect();
  }, []);
  const length = isWide ? lineLengths.wide : lineLengths.narrow;
  const text = useMemo(() => hexDump(decodeBase64(bytes), length), [bytes, length]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the dump.
    <pre className="entry-dump" ref={box} tabIndex={0}>
      <span className="entry-dump-ruler" ref={ruler} style={{ width: `${wideCharacters}ch` }} aria-hidden />
      {text}
    </pre>
  );
}
