/** How far an edge may move, in pixels: what another browser's rounding and hinting of fonts can add up to in a row. */
const tolerance = 8;

const box = /\[box=([^\]]*)\]/;

/**
 * Gives a record the approved boxes where its own differ within the tolerance. It then equals the approved record, or
 * differs from it only in lines that a person must look at.
 */
export function withinTolerance(record: string, approved: string): string {
  const expected = Map.groupBy(approved.split("\n"), withoutBox);
  const lines = record.split("\n").map((line) => {
    const candidate = expected.get(withoutBox(line))?.shift();
    return candidate !== undefined && isNear(line, candidate) ? candidate : line;
  });
  return lines.join("\n");
}

function withoutBox(line: string): string {
  return line.replace(box, "");
}

/** Compares the edges of two lines' boxes: left, top, right and bottom. An edge with a `*` may be anywhere. */
function isNear(line: string, approved: string): boolean {
  const edges = edgesOf(line);
  return edgesOf(approved).every((edge, index) => !(Math.abs(edge - (edges[index] ?? 0)) > tolerance));
}

function edgesOf(line: string): readonly number[] {
  const [x = 0, y = 0, width = 0, height = 0] = (box.exec(line)?.[1] ?? "").split(",").map(Number);
  return [x, y, x + width, y + height];
}
