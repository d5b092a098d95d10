const units = ["bytes", "kB", "MB", "GB", "TB"];

/** A number of bytes for people: three digits at most past the thousand, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** A number with the thing that it counts: `1 session`, `1,200 sessions`. @param many the plural, if it needs more than an s */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A digest where there is no room for all of it: `52bef81064db94b8…`. Words that stand for one, as `missing`, stay whole. */
export function formatDigest(digest: string): string {
  return digest.length > 16 ? `${digest.slice(0, 16)}…` : digest;
}

/** How long a step or a session took, for people: `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** How long ago something was, in one unit: `just now`, `5 min ago`, `3 h ago`, `2 days ago`. @param milliseconds since then */
export function formatAge(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** How long an exchange or a part of a boot took, in three digits or so: `0.4 ms`, `12 ms`, `1.24 s`, `1 min 36 s`, `62 min`. */
export function formatLatency(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toPrecision(3)} s`;
  if (milliseconds < 600_000) return formatDuration(milliseconds);
  return `${Math.round(milliseconds / 60_000)} min`;
}

/**
 * A moment of a session, by the time since its start: `0:03.2`, `1:04.5`, `2:03:20.0`.
 *
 * @param decimals of the seconds
 */
export function formatOffset(milliseconds: number, decimals = 1): string {
  const parts = 10 ** decimals;
  const count = Math.round((Math.max(0, milliseconds) * parts) / 1_000);
  const seconds = Math.floor(count / parts);
  const minutes = Math.floor(seconds / 60);
  const fraction = decimals === 0 ? "" : `.${padded(count % parts, decimals)}`;
  const clock = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${padded(minutes % 60)}`;
  return `${clock}:${padded(seconds % 60)}${fraction}`;
}

/** Sweden writes dates and times as ISO 8601 does. */
const isoLocale = "sv";

/** A moment by date and time of this host: `2026-11-03 14:03:59`. @param time in milliseconds since the epoch */
export function formatDate(time: number): string {
  return new Date(time).toLocaleString(isoLocale);
}

/** The time of day of this host, where the date is known: `14:03:59`. @param time in milliseconds since the epoch */
export function formatTimeOfDay(time: number): string {
  return new Date(time).toLocaleTimeString(isoLocale);
}

function padded(number: number, digits = 2): string {
  return `${number}`.padStart(digits, "0");
}
