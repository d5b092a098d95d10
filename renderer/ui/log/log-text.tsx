import { type LogStyle, paletteColour } from "../../state/log/log-style.ts";
import type { StyledPart } from "../../state/log/log-text.ts";
import { themeColour } from "../terminal/terminal-theme.ts";
import { findInText } from "./log-search.ts";
import "./log-text.css";

interface LogTextProps {
  readonly text: string;
  /** In their order; all else is plain. */
  readonly parts?: readonly StyledPart[];
  /** Text to be marked. */
  readonly sought: string;
  /** The column of the mark that is the current one. */
  readonly current: number | undefined;
}

const noParts: readonly StyledPart[] = [];
/** Marks that are drawn in a row: each is an element of its own. */
const mostMarks = 100;

/** The text of a log's row in its colours, with marks where a text was found. */
export function LogText({ text, parts = noParts, sought, current }: LogTextProps) {
  if (parts.length === 0 && sought === "") return text;
  const marks = marksAround(findInText(text, sought), current);
  const bounds = [0, text.length, ...parts.flatMap(({ start, end }) => [start, end])];
  for (const start of marks) bounds.push(start, start + sought.length);
  const edges = [...new Set(bounds)].sort((a, b) => a - b);
  let [partIndex, markIndex] = [0, 0];
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1] ?? text.length;
    while ((parts[partIndex]?.end ?? text.length) <= start) partIndex += 1;
    while ((marks[markIndex] ?? text.length) + sought.length <= start) markIndex += 1;
    const [part, at = text.length] = [parts[partIndex], marks[markIndex]];
    const style = part && part.start <= start ? part.style : undefined;
    const piece = text.slice(start, end);
    const mark = at <= start ? at : undefined;
    const styled = style ? <span style={cssOf(style)}>{piece}</span> : piece;
    return mark === undefined ? (
      <span key={start}>{styled}</span>
    ) : (
      <mark key={start} className="found-mark" data-current={mark === current || undefined}>
        {styled}
      </mark>
    );
  });
}

/** Not more marks than can be drawn, with the current one among them. */
function marksAround(marks: readonly number[], current: number | undefined): readonly number[] {
  if (marks.length <= mostMarks) return marks;
  const first = current === undefined ? 0 : marks.indexOf(current) - mostMarks / 2;
  return marks.slice(Math.max(0, first)).slice(0, mostMarks);
}

function cssOf(style: LogStyle): React.CSSProperties {
  const [ink, ground] = [colourOf(style.colour), colourOf(style.background)];
  const [color, backgroundColor] = style.inverse
    ? [ground ?? "var(--surface)", ink ?? "var(--text)"]
    : [ink, ground];
  return {
    ...(color && { color }),
    ...(backgroundColor && { backgroundColor }),
    ...(style.bold && { fontWeight: 700 }),
    ...(style.dim && { opacity: 0.7 }),
    ...(style.italic && { fontStyle: "italic" }),
    ...(style.underline && { textDecoration: "underline" }),
  };
}

function colourOf(colour: LogStyle["colour"]): string | undefined {
  if (typeof colour !== "number") return colour;
  return colour < 16 ? themeColour(colour) : paletteColour(Math.min(colour, 255));
}
