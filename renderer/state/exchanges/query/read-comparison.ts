/**
 * Reads a comparison with a number, such as `>=400` or `<1.5s`. A number alone must be equal; two numbers with two dots
 * between them are a range.
 *
 * @param units factors of the units that a number may have, by their names in lower case; "" stands for no unit
 * @returns a test of values; undefined for another text
 */
export function readComparison(
  text: string,
  units: Readonly<Record<string, number>>,
): ((value: number) => boolean) | undefined {
  const [least, most, ...others] = text.split("..").map((part) => readNumber(part, units));
  if (text.includes("..")) {
    if (least === undefined || most === undefined || others.length > 0) return undefined;
    return (value) => value >= least && value <= most;
  }
  const [, operator = "", rest = ""] = /^(>=|<=|>|<|=)?(.*)$/s.exec(text) ?? [];
  const number = readNumber(rest, units);
  if (number === undefined) return undefined;
  switch (operator) {
    case ">=":
      return (value) => value >= number;
    case "<=":
      return (value) => value <= number;
    case ">":
      return (value) => value > number;
    case "<":
      return (value) => value < number;
    default:
      return (value) => value === number;
  }
}

function readNumber(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const factor = units[unit.toLowerCase()];
  return factor === undefined ? undefined : Number(digits) * factor;
}
