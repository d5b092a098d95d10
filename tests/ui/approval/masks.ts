/** Values that differ from run to run or from host to host, and the names that records have in their place. */
const masks: readonly (readonly [value: RegExp, name: string])[] = [
  [/\/tmp\/(?:ui|ts)-\w{6}/g, "HOME"],
  [/\b\d{8}-\d{6}-[0-9a-f]{4}\b/g, "SESSION"],
  [/\/\S+(?=\/tinsmith-SESSION)/g, "HOME"],
  [/(?<=\?id=)[\w-]{22}/g, "ID"],
  // Of an archive, whose disk layer depends on the version of qemu-img.
  [/\b[0-9a-f]{16}…/g, "DIGEST…"],
  // xterm moves its hidden field to the cursor only once it has drawn.
  [/(?<=textbox "Terminal input" \[box=)[^\]]+/, "*,*,*,*"],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, "TIME"],
  [/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, "TIME"],
  [/\b\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?![\d:])/g, "TIME"],
  [/\b(?:just now|yesterday|last (?:month|year)|\d+ (?:second|minute|hour|day|month|year)s? ago)\b/g, "TIME"],
  [/\b\d+ min(?: \d+ s)?|(?<![\d.])\d+(?:\.\d+)? m?s\b/g, "DURATION"],
  [/about DURATION left|longer than usual/g, "ESTIMATE"],
  [/\b[\d.]+ [kMGT]?B free\b/g, "SIZE free"],
  [/"(?:TCG|KVM)"/g, '"ACCELERATOR"'],
  [/(?<=definition \[box=[^\]]*\]: )(?:(?!127)\d+\.\d+|linux ).*/g, "VERSION"],
];

/** Replaces the values in a line that differ from run to run by their names. */
export function maskLine(line: string): string {
  return masks.reduce((masked, [value, name]) => masked.replace(value, name), line);
}
