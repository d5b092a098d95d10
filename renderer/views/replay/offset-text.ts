/** A time since a session's start, such as `3.2 s`, `1:04.5` or `2:03:20`. @param milliseconds */
export function offsetText(milliseconds: number): string {
  const tenths = Math.round(Math.max(0, milliseconds) / 100);
  const seconds = Math.floor(tenths / 10);
  const two = (number: number) => `${number}`.padStart(2, "0");
  if (seconds < 60) return `${(tenths / 10).toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}.${tenths % 10}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
