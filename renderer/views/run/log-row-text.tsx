import { type LogStyle, paletteColour } from "../../state/log/log-style.ts";
import type { LogRow } from "../../state/log/log-text.ts";
import { themeColour } from "../../ui/terminal/terminal-theme.ts";

interface LogRowTextProps {
  readonly row: LogRow;
  /** Text to be marked. */
  readonly sought: string;
  /** The column of the mark that is the current one. */
  readonly current: number | undefined;
}

/** A row of the log in its colours. */
export function LogRowText({ row, sought, current }: LogRowTextProps) {
  if (row.parts.length === 0 && sought === "") return row.text;
  const marks = marksOf(row.text, sought);
  const bounds = [0, row.text.length, ...row.parts.flatMap(({ start, end }) => [start, end])];
  for (const start of marks) bounds.push(start, start + sought.length);
  const edges = [...new Set(bounds)].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1] ?? row.text.length;
    const style = row.parts.find((part) => part.start <= start && start < part.end)?.style;
    const text = row.text.slice(start, end);
    const mark = marks.find((at) => at <= start && start < at + sought.length);
    const styled = style ? <span style={cssOf(style)}>{text}</span> : text;
    return mark === undefined ? (
      <span key={start}>{styled}</span>
    ) : (
      <mark key={start} data-current={mark === current || undefined}>
        {styled}
      </mark>
    );
  });
}

function marksOf(text: string, sought: string): readonly number[] {
  if (sought === "") return [];
  const [within, wanted] = [text.toLowerCase(), sought.toLowerCase()];
  const found: number[] = [];
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length))
    found.push(at);
  return found;
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
